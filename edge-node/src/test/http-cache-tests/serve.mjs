// The suite's origin on a free port of the loopback interface. It says which, and ends with its standard input.
import http from 'node:http'
import handleConfig from 'http-cache-tests/server/handle-config.mjs'
import handleState from 'http-cache-tests/server/handle-state.mjs'
import handleTest from 'http-cache-tests/server/handle-test.mjs'

const handlers = { config: handleConfig, state: handleState, test: handleTest }

const server = http.createServer((request, response) => {
  const [, step, ...rest] = new URL(request.url, 'http://localhost/').pathname.split('/')
  // Where the length is wrong or only the end of the connection can tell it, no other response may follow.
  const end = response.end
  response.end = content => {
    const length = response.getHeader('Content-Length') ?? Buffer.byteLength(content ?? '')
    const plain = Number(length) === Buffer.byteLength(content ?? '') && !response.hasHeader('Transfer-Encoding')
    if (!plain) response.shouldKeepAlive = false
    end.call(response, content)
  }
  handlers[step](rest, request, response)
})
// The edge closes idle connections first, so that none ends under a request.
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit()).resume()
