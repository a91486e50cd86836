// As Odoo's own web/tooling for JavaScript, and the OCA's template for 19.0 for XML, which
// gets the same width: Odoo's views wrap a line that is any shorter.
// The plugin is named on the command line: it lives in the cache, not beside this file.
export default {
    printWidth: 100,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};
