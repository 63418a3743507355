// The rules of the page's JavaScript. ./check runs them; nothing of this ships.

import js from "@eslint/js";
import globals from "globals";

export default [
  {ignores: ["playground/ui/live/vendor/"]},
  js.configs.recommended,
  {
    files: ["playground/ui/live/**/*.js"],
    languageOptions: {globals: {...globals.browser, uPlot: "readonly", Plotly: "readonly"}},
    linterOptions: {reportUnusedDisableDirectives: "error"},
    rules: {
      eqeqeq: ["error", "always", {null: "ignore"}],
      "max-len": ["error", {code: 120}],
      "no-undef": "error",
      "no-unused-vars": ["error", {argsIgnorePattern: "^_", varsIgnorePattern: "^_"}],
      "no-var": "error",
      "one-var": ["error", "never"],
      "prefer-const": ["error", {destructuring: "all"}],
    },
  },
];
