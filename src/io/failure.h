/*
 * io/failure.h: what can go wrong on the way to a response. Every failure is a fact with a stable name, never a crash.
 */
#ifndef IO_FAILURE_H
#define IO_FAILURE_H

/* symbol, name, text. The names reach users and rules ("connection-refused"); they are stable. */
#define IO_FAILURE_MAP(X)                                                                                              \
    X(NONE, "none", "no failure")                                                                                      \
    X(NAME_UNKNOWN, "name-unknown", "the name does not exist in the DNS")                                              \
    X(NAME_WITHOUT_ADDRESS, "name-without-address", "the name exists, but has no address")                             \
    X(RESOLVER_FAILED, "resolver-failed", "the DNS resolver gives no usable answer")                                   \
    X(RESOLVE_TIMEOUT, "resolve-timeout", "the DNS gave no answer in time")                                            \
    X(NO_ROUTE, "no-route", "this machine has no route to the address")                                                \
    X(CONNECTION_REFUSED, "connection-refused", "nothing listens on the port")                                         \
    X(CONNECT_TIMEOUT, "connect-timeout", "no answer to the connection attempt in time")                               \
    X(CONNECTION_RESET, "connection-reset", "the connection was reset")                                                \
    X(CONNECTION_FAILED, "connection-failed", "the connection failed")                                                 \
    X(PROXY_UNREACHABLE, "proxy-unreachable", "the proxy cannot be reached")                                           \
    X(PROXY_REFUSED, "proxy-refused", "the proxy refused")                                                             \
    X(PROXY_CLOSED, "proxy-closed", "the proxy closed the connection instead of an answer")                            \
    X(PROXY_TIMEOUT, "proxy-timeout", "the proxy gave no answer in time")                                              \
    X(PROXY_NOT_HTTP, "proxy-not-http", "the proxy's answer is not HTTP/1.x")                                          \
    X(TLS_ALERT, "tls-alert", "the server ended the TLS handshake with an alert")                                      \
    X(TLS_VERSION, "tls-version", "the server speaks neither TLS 1.2 nor TLS 1.3")                                     \
    X(TLS_PLAIN_HTTP, "tls-plain-http", "the server answered plain HTTP where TLS is due")                             \
    X(TLS_NOT_TLS, "tls-not-tls", "the server answered something that is not TLS")                                     \
    X(TLS_CLOSED, "tls-closed", "the server closed the connection during the TLS handshake")                           \
    X(TLS_TIMEOUT, "tls-timeout", "the TLS handshake did not end in time")                                             \
    X(TLS_TOO_LONG, "tls-too-long",                                                                                    \
      "the server sends more certificates, or more of other handshake messages, than Holdfast reads")                  \
    X(TLS_BROKEN, "tls-broken", "the TLS handshake failed")                                                            \
    X(TLS_CERTIFICATE, "tls-certificate", "the certificates have errors, and nothing was sent")                        \
    X(RESPONSE_EMPTY, "response-empty", "the server closed the connection before a whole response head")               \
    X(RESPONSE_TIMEOUT, "response-timeout", "no whole response head came in time")                                     \
    X(RESPONSE_NOT_HTTP, "response-not-http", "the answer is not HTTP/1.x")                                            \
    X(RESPONSE_TOO_LONG, "response-too-long",                                                                          \
      "the response head is longer than the 262144 octets that Holdfast reads")                                        \
    X(RESPONSE_TOO_MANY_FIELDS, "response-too-many-fields",                                                            \
      "the response head has more than the 4096 fields that Holdfast reads")                                           \
    X(RESPONSE_TOO_MANY_HEADS, "response-too-many-heads", "more than the 8 interim responses that Holdfast reads")     \
    X(ALPN_REFUSED, "alpn-refused", "the server does not speak HTTP/2")                                                \
    X(ALPN_WRONG, "alpn-wrong", "the server chose a protocol that was not offered")                                    \
    X(HTTP2_FLOOD, "http2-flood", "the server floods the connection with HTTP/2 frames")                               \
    X(HTTP2_GOAWAY, "http2-goaway", "the server ended the HTTP/2 connection (GOAWAY) before it answered")              \
    X(HTTP2_RESET, "http2-reset", "the server reset the HTTP/2 stream before it answered")                             \
    X(HTTP2_BROKEN, "http2-broken", "what the server sends is not HTTP/2")                                             \
    X(LOCAL, "local", "this machine could not do it")

typedef enum io_code {
#define IO_X(symbol, name, text) IO_FAILURE_##symbol,
    IO_FAILURE_MAP(IO_X)
#undef IO_X
        IO_FAILURES
} io_code;

typedef enum io_phase {
    IO_PHASE_RESOLVE,
    IO_PHASE_CONNECT,
    IO_PHASE_PROXY, /* a tunnel through it; reaching it is part of the phases before */
    IO_PHASE_TLS,
    IO_PHASE_RESPONSE,
} io_phase;

#define IO_PHASES 5

/* One failure. `detail` is what the system or the TLS library said, may be empty, and is never text of the peer's. */
typedef struct io_failure {
    io_phase phase;
    io_code code;
    char detail[96];
} io_failure;

const char *io_code_name(io_code code);
const char *io_code_text(io_code code);
const char *io_phase_name(io_phase phase);

/* `detail` may be NULL; it is cut to what fits. */
io_failure io_failure_make(io_phase phase, io_code code, const char *detail);

#endif
