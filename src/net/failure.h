/*
 * net/failure.h: what can go wrong on the way to a response. Every failure is a fact with a stable name, never a crash.
 */
#ifndef NET_FAILURE_H
#define NET_FAILURE_H

/* symbol, name, text. The names reach users and rules ("connection-refused"); they are stable. */
#define NET_FAILURE_MAP(X)                                                                                             \
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
    X(TLS_ALERT, "tls-alert", "the server ended the TLS handshake with an alert")                                      \
    X(TLS_VERSION, "tls-version", "the server speaks neither TLS 1.2 nor TLS 1.3")                                     \
    X(TLS_PLAIN_HTTP, "tls-plain-http", "the server answered plain HTTP where TLS is due")                             \
    X(TLS_NOT_TLS, "tls-not-tls", "the server answered something that is not TLS")                                     \
    X(TLS_CLOSED, "tls-closed", "the server closed the connection during the TLS handshake")                           \
    X(TLS_TIMEOUT, "tls-timeout", "the TLS handshake did not end in time")                                             \
    X(TLS_BROKEN, "tls-broken", "the TLS handshake failed")                                                            \
    X(RESPONSE_EMPTY, "response-empty", "the server closed the connection before a whole response head")               \
    X(RESPONSE_TIMEOUT, "response-timeout", "no whole response head came in time")                                     \
    X(RESPONSE_NOT_HTTP, "response-not-http", "the answer is not HTTP/1.x")                                            \
    X(RESPONSE_TOO_LONG, "response-too-long", "the response head is longer than the limit")                            \
    X(RESPONSE_TOO_MANY_FIELDS, "response-too-many-fields", "the response head has too many fields")                   \
    X(RESPONSE_TOO_MANY_HEADS, "response-too-many-heads", "too many interim responses")                                \
    X(LOCAL, "local", "this machine could not do it")

typedef enum net_code {
#define NET_X(symbol, name, text) NET_##symbol,
    NET_FAILURE_MAP(NET_X)
#undef NET_X
} net_code;

typedef enum net_phase {
    NET_PHASE_RESOLVE,
    NET_PHASE_CONNECT,
    NET_PHASE_TLS,
    NET_PHASE_RESPONSE,
} net_phase;

/* One failure. `detail` is what the system or the TLS library said, may be empty, and is never text of the peer's. */
typedef struct net_failure {
    net_phase phase;
    net_code code;
    char detail[96];
} net_failure;

const char *net_code_name(net_code code);
const char *net_code_text(net_code code);
const char *net_phase_name(net_phase phase);

/* `detail` may be NULL; it is cut to what fits. */
net_failure net_failure_make(net_phase phase, net_code code, const char *detail);

#endif
