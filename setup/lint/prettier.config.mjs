// XML as in the OCA's template for 19.0, JavaScript as in Odoo's own web/tooling.
// The plugin is named on the command line: it lives in the cache, not beside this file.
export default {
    printWidth: 88,
    tabWidth: 4,
    xmlWhitespaceSensitivity: "preserve",
    overrides: [{ files: "*.{js,mjs}", options: { printWidth: 100 } }],
};
