/*
 * facts/failure.h: what can go wrong on the way to a response. Every failure is a fact with a stable name, never a
 * crash. The wire makes them; the others compare codes, and print names and texts.
 */
#ifndef FACTS_FAILURE_H
#define FACTS_FAILURE_H

#include "base/json.h"
#include "base/memory.h"

#include <stdbool.h>

/*
 * symbol, name, side, text. The names reach users ("connection-refused"); they are stable. Side: HOST, the failure is
 * the host's; HERE, it says nothing about the host, only that this machine could not look.
 */
#define FACTS_FAILURE_MAP(X)                                                                                           \
    X(NONE, "none", HOST, "no failure")                                                                                \
    X(NAME_UNKNOWN, "name-unknown", HERE, "the name does not exist in the DNS")                                        \
    X(NAME_WITHOUT_ADDRESS, "name-without-address", HERE, "the name exists, but has no address")                       \
    X(RESOLVER_FAILED, "resolver-failed", HERE, "the DNS resolver returned no usable answer")                          \
    X(RESOLVE_TIMEOUT, "resolve-timeout", HERE, "the DNS did not answer in time")                                      \
    X(NO_ROUTE, "no-route", HERE, "this machine has no route to the address")                                          \
    X(CONNECTION_REFUSED, "connection-refused", HOST, "nothing listens on the port")                                   \
    X(CONNECT_TIMEOUT, "connect-timeout", HOST, "the host did not answer the connection attempt in time")              \
    X(OVERTAKEN, "overtaken", HERE, "another address answered first")                                                  \
    X(CONNECTION_RESET, "connection-reset", HOST, "the connection was reset")                                          \
    X(CONNECTION_FAILED, "connection-failed", HOST, "the connection failed")                                           \
    X(PROXY_UNREACHABLE, "proxy-unreachable", HERE, "the proxy cannot be reached")                                     \
    X(PROXY_REFUSED, "proxy-refused", HERE, "the proxy refused the request")                                           \
    X(PROXY_CLOSED, "proxy-closed", HERE, "the proxy closed the connection without an answer")                         \
    X(PROXY_TIMEOUT, "proxy-timeout", HERE, "the proxy did not answer in time")                                        \
    X(PROXY_NOT_HTTP, "proxy-not-http", HERE, "the proxy's answer is not HTTP/1.x")                                    \
    X(TLS_ALERT, "tls-alert", HOST, "the server ended the TLS handshake with an alert")                                \
    X(TLS_UNRECOGNIZED_NAME, "tls-unrecognized-name", HOST, "the server does not know the name (TLS alert 112)")       \
    X(CLIENT_CERTIFICATE, "client-certificate", HOST,                                                                  \
      "the server asks for a client certificate, and refuses visitors without one")                                    \
    X(TLS_VERSION, "tls-version", HOST, "the server speaks neither TLS 1.2 nor TLS 1.3")                               \
    X(TLS_PLAIN_HTTP, "tls-plain-http", HOST, "the server answered plain HTTP where TLS was expected")                 \
    X(TLS_NOT_TLS, "tls-not-tls", HOST, "the server answered something that is not TLS")                               \
    X(TLS_CLOSED, "tls-closed", HOST, "the server closed the connection during the TLS handshake")                     \
    X(TLS_TIMEOUT, "tls-timeout", HOST, "the TLS handshake did not end in time")                                       \
    X(TLS_TOO_LONG, "tls-too-long", HOST,                                                                              \
      "the server sends more certificates, or more of other handshake messages, than Holdfast reads")                  \
    X(TLS_BROKEN, "tls-broken", HOST, "the TLS handshake failed")                                                      \
    X(TLS_CERTIFICATE, "tls-certificate", HOST, "the certificates have errors, and nothing was sent")                  \
    X(RESPONSE_EMPTY, "response-empty", HOST, "the server closed the connection before a complete response head")      \
    X(RESPONSE_TIMEOUT, "response-timeout", HOST, "no complete response head came in time")                            \
    X(RESPONSE_NOT_HTTP, "response-not-http", HOST, "the answer is not HTTP/1.x")                                      \
    X(RESPONSE_CUT, "response-cut", HOST, "the server closed the connection in the middle of the response head")       \
    X(RESPONSE_NUL, "response-nul", HOST, "the response head contains a NUL byte")                                     \
    X(RESPONSE_BAD_STATUS, "response-bad-status", HOST, "the status line has no status code of three digits")          \
    X(RESPONSE_SEVERAL_LENGTHS, "response-several-lengths", HOST,                                                      \
      "the response has several Content-Length values that differ")                                                    \
    X(RESPONSE_SEVERAL_CONTENTS, "response-several-contents", HOST,                                                    \
      "the response has several Content-Disposition headers that differ")                                              \
    X(RESPONSE_SEVERAL_LOCATIONS, "response-several-locations", HOST,                                                  \
      "the response has several Location headers that differ")                                                         \
    X(RESPONSE_PROXY_AUTH, "response-proxy-auth", HOST,                                                                \
      "the server asks for a password as a proxy does (status 407), and no proxy is used")                             \
    X(RESPONSE_TOO_LONG, "response-too-long", HOST,                                                                    \
      "the response head is longer than the 262144 bytes that Chrome reads, or the 393216 that Firefox reads")         \
    X(RESPONSE_TOO_MANY_FIELDS, "response-too-many-fields", HERE,                                                      \
      "the response head has more than the 4096 fields that Holdfast reads")                                           \
    X(RESPONSE_TOO_MANY_HEADS, "response-too-many-heads", HERE,                                                        \
      "the server sent more than the 100 interim responses that Holdfast reads")                                       \
    X(ALPN_REFUSED, "alpn-refused", HOST, "the server does not speak HTTP/2")                                          \
    X(ALPN_WRONG, "alpn-wrong", HOST, "the server chose a protocol that was not offered")                              \
    X(HTTP2_UNSUITABLE_CIPHER, "http2-unsuitable-cipher", HOST,                                                        \
      "the server agreed to HTTP/2 with a cipher that HTTP/2 prohibits")                                               \
    X(HTTP2_FLOOD, "http2-flood", HOST, "the server floods the connection with HTTP/2 frames")                         \
    X(HTTP2_GOAWAY, "http2-goaway", HOST, "the server ended the HTTP/2 connection (GOAWAY) before it answered")        \
    X(HTTP2_RESET, "http2-reset", HOST, "the server reset the HTTP/2 stream before it answered")                       \
    X(HTTP2_BROKEN, "http2-broken", HOST, "the server violates the HTTP/2 protocol")                                   \
    X(HTTP2_BAD_FIELD, "http2-bad-field", HOST, "a field of the HTTP/2 response is malformed")                         \
    X(HTTP2_BAD_STATUS, "http2-bad-status", HOST, "the HTTP/2 response has no :status that is a number")               \
    X(UNSAFE_PORT, "unsafe-port", HOST, "browsers block this port")                                                    \
    X(PRIVATE_ADDRESS, "private-address", HERE, "the address is in a private network, and only --private goes there")  \
    X(HTTP3_UNCHECKED, "http3-unchecked", HERE,                                                                        \
      "nothing answers over TCP; HTTP/3, which the DNS announces, goes over QUIC and was not checked")                 \
    X(HOST_BUDGET, "host-budget", HERE, "Holdfast spends no more on one host: the rest was not checked")               \
    X(LOCAL, "local", HERE, "this machine could not do it")                                                            \
    X(NOT_ASKED, "not-asked", HERE, "the URL was not requested")                                                       \
    X(PROBE_CRASHED, "probe-crashed", HERE, "the process that probed it died")

typedef enum facts_code {
#define FACTS_X(symbol, name, side, text) FACTS_FAILURE_##symbol,
    FACTS_FAILURE_MAP(FACTS_X)
#undef FACTS_X
        FACTS_FAILURES
} facts_code;

/* symbol, name: how far it had come. */
#define FACTS_PHASE_MAP(X)                                                                                             \
    X(RESOLVE, "resolve")                                                                                              \
    X(CONNECT, "connect")                                                                                              \
    X(PROXY, "proxy") /* a tunnel through it; reaching it is part of the phases before */                              \
    X(TLS, "tls")                                                                                                      \
    X(RESPONSE, "response")                                                                                            \
    X(PROBE, "probe") /* none of them: it is the process that failed */

typedef enum facts_phase {
#define FACTS_X(symbol, name) FACTS_PHASE_##symbol,
    FACTS_PHASE_MAP(FACTS_X)
#undef FACTS_X
} facts_phase;

#define FACTS_PHASES (FACTS_PHASE_RESPONSE + 1) /* those of a connection */

/* Alerts that mean more than a failure (RFC 8446 6.2, RFC 7301 3.2). */
enum {
    FACTS_ALERT_HANDSHAKE_FAILURE = 40,
    FACTS_ALERT_CERTIFICATE_REQUIRED = 116,
    FACTS_ALERT_NO_APPLICATION_PROTOCOL = 120
};

/* One failure. `detail` is what the system or the TLS library said, may be empty, and is never text of the peer's. */
typedef struct facts_failure {
    facts_phase phase;
    facts_code code;
    int alert; /* the TLS alert that the server sent; 0: none */
    char detail[96];
} facts_failure;

const char *facts_code_name(facts_code code);
const char *facts_code_text(facts_code code);
const char *facts_phase_name(facts_phase phase);

/* True if it says nothing about the host, only that this machine could not look. */
bool facts_code_is_ours(facts_code code);

/* `detail` may be NULL; it is cut to what fits. */
facts_failure facts_failure_make(facts_phase phase, facts_code code, const char *detail);

/* A copy in `arena`. */
const facts_failure *facts_failure_keep(const facts_failure *failure, base_arena *arena);

/* NULL gives null. */
void facts_failure_json(const facts_failure *failure, base_json *json);

#endif
