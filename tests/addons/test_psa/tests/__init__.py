from . import test_access, test_clicks, test_filters, test_js, test_names
