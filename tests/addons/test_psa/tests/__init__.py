from . import test_access, test_clicks, test_names
