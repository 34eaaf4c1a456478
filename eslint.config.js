import js from '@eslint/js'
import query from '@tanstack/eslint-plugin-query'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'test-results', 'playwright-report', '.dependency-cruiser.cjs'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          'src/mesh/tsconfig.json',
          'src/ui/tsconfig.json',
          'src/ui/testing/tsconfig.json',
          'src/proxy/tsconfig.json',
          'e2e/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Numbers and booleans read well inside a template; objects do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'The one fetch of the house is src/clients/http.ts.' },
      ],
      'no-eval': 'error',
      // Names of workloads, services and versions are anybody's to choose: they reach the page as text and as nothing else.
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'createContextualFragment', 'setHTMLUnsafe'].map(
          (property) => ({
            property,
            message: 'Text goes into the page as text: textContent, or React.',
          }),
        ),
        { object: 'document', property: 'write', message: 'Text goes into the page as text: textContent, or React.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text goes into the page as text: children.',
        },
      ],
      // `const { unwanted, ...rest } = labels` is how a key is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // Hostile label values hold control characters on purpose.
      'no-control-regex': 'off',
    },
  },
  { files: ['src/ui/**/*.{ts,tsx}'], ...hooks.configs.flat.recommended },
  ...query.configs['flat/recommended'].map((config) => ({ ...config, files: ['src/ui/**/*.{ts,tsx}'] })),
  {
    // The house's one fetch; and tests that stand outside the house, as a browser or curl would.
    files: ['src/clients/http.ts', 'src/**/*.test.ts', 'e2e/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' } },
  },
)
