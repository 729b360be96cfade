// Runs the suite against the edge at the given URL, or the one test that is named after it, and prints a line for
// each test: kind, id, and what went wrong if anything did, between tabs.
import fetch from 'node-fetch'
import { runTests, getResults } from 'http-cache-tests/client/runner.mjs'
import tests from 'http-cache-tests/tests/index.mjs'
import surrogate from 'http-cache-tests/tests/surrogate-control.mjs'

const [url, only] = process.argv.slice(2)
const suites = [...tests, surrogate].map(suite => ({
  ...suite,
  tests: suite.tests.filter(test => !test.browser_only && (!only || test.id === only))
}))
if (only) suites.forEach(suite => suite.tests.forEach(test => { test.dump = true }))

await runTests(suites, fetch, false, url)
const results = getResults()
for (const { tests } of suites) {
  for (const { id, kind = 'required' } of tests) {
    const result = results[id]
    const wrong = result === true ? '' : result.join(': ').replaceAll(/\s+/g, ' ')
    console.log([kind, id, wrong].join('\t'))
  }
}
