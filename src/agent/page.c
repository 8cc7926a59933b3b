#include "agent/page.h"

/* -- Certificates ------------------------------------------------------------------------------------------------------------- */

typedef enum place {
    ANYWHERE,
    LEAF, /* the server's own certificate */
    ABOVE,
} place;

typedef struct chain_row {
    place place;
    facts_tls_code code;
    facts_page page;
} chain_row;

#define CERTIFICATE(place, code, cause, text, chrome, firefox, bypass)                                                 \
    {                                                                                                                  \
        place, FACTS_TLS_##code,                                                                                       \
        {                                                                                                              \
            cause, text, chrome, firefox, true, bypass                                                                 \
        }                                                                                                              \
    }

/* The most serious first. */
static const chain_row chain_rows[] = {
    CERTIFICATE(ANYWHERE, WRONG_PURPOSE, "wrong-purpose", "the certificate is not for web servers",
                "NET::ERR_CERT_INVALID", "SEC_ERROR_INADEQUATE_CERT_TYPE", false),
    CERTIFICATE(ANYWHERE, NOT_AN_AUTHORITY, "not-an-authority", "somebody signed who may not sign",
                "NET::ERR_CERT_INVALID", "SEC_ERROR_CA_CERT_INVALID", false),
    CERTIFICATE(ANYWHERE, UNKNOWN_EXTENSION, "unknown-extension", "a critical extension that nobody knows",
                "NET::ERR_CERT_INVALID", "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION", false),
    CERTIFICATE(ANYWHERE, NAME_CONSTRAINTS, "name-constraints", "the authority may not sign for this name",
                "NET::ERR_CERT_INVALID", "SEC_ERROR_CERT_NOT_IN_NAME_SPACE", false),
    CERTIFICATE(ANYWHERE, REVOKED, "revoked", "the certificate has been revoked", "NET::ERR_CERT_REVOKED",
                "SEC_ERROR_REVOKED_CERTIFICATE", false),
    CERTIFICATE(ANYWHERE, BAD_SIGNATURE, "bad-signature", "a signature does not fit", "NET::ERR_CERT_AUTHORITY_INVALID",
                "SEC_ERROR_BAD_SIGNATURE", true),
    CERTIFICATE(ANYWHERE, SELF_SIGNED, "self-signed", "the certificate signed itself",
                "NET::ERR_CERT_AUTHORITY_INVALID", "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", true),
    CERTIFICATE(ANYWHERE, UNTRUSTED_ROOT, "untrusted-root", "the chain ends at a root that is not trusted",
                "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true),
    CERTIFICATE(LEAF, ISSUER_MISSING, "issuer-missing", "the certificate's issuer is neither sent nor known",
                "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true),
    CERTIFICATE(ABOVE, ISSUER_MISSING, "issuer-missing", "the chain ends at an issuer that is not known",
                "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true),
    CERTIFICATE(ANYWHERE, SIGNATURE_UNCHECKED, "signature-unchecked", "nobody known vouches for the certificate",
                "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true),
    CERTIFICATE(ANYWHERE, UNTRUSTED, "untrusted", "the issuer is not trusted", "NET::ERR_CERT_AUTHORITY_INVALID",
                "SEC_ERROR_UNTRUSTED_ISSUER", true),
    CERTIFICATE(ANYWHERE, NAME_MISMATCH, "name-mismatch", "the certificate is for another name",
                "NET::ERR_CERT_COMMON_NAME_INVALID", "SSL_ERROR_BAD_CERT_DOMAIN", true),
    CERTIFICATE(ANYWHERE, WEAK_SIGNATURE, "weak-signature", "a signature is too weak",
                "NET::ERR_CERT_WEAK_SIGNATURE_ALGORITHM", "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED", true),
    CERTIFICATE(ANYWHERE, WEAK_KEY, "weak-key", "a key is too weak", "NET::ERR_CERT_WEAK_KEY",
                "MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE", true),
    CERTIFICATE(LEAF, EXPIRED, "expired", "the certificate has expired", "NET::ERR_CERT_DATE_INVALID",
                "SEC_ERROR_EXPIRED_CERTIFICATE", true),
    CERTIFICATE(ABOVE, EXPIRED, "expired", "an issuer's certificate has expired", "NET::ERR_CERT_DATE_INVALID",
                "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE", true),
    CERTIFICATE(LEAF, NOT_YET_VALID, "not-yet-valid", "the certificate is not valid yet", "NET::ERR_CERT_DATE_INVALID",
                "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE", true),
    CERTIFICATE(ABOVE, NOT_YET_VALID, "not-yet-valid", "an issuer's certificate is not valid yet",
                "NET::ERR_CERT_DATE_INVALID", "MOZILLA_PKIX_ERROR_NOT_YET_VALID_ISSUER_CERTIFICATE", true),
    /* Whatever else the TLS library finds: the last row fits anything. */
    CERTIFICATE(ANYWHERE, OTHER, "other", "the certificate has an error", "NET::ERR_CERT_INVALID", NULL, false),
};

static bool fits(const chain_row *row, const facts_tls_error *error)
{
    if (row->place != ANYWHERE && (row->place == LEAF) != (error->depth == 0))
        return false;
    return row->code == error->code;
}

const facts_page *agent_page_of_chain(const facts_tls *tls)
{
    const size_t rows = sizeof chain_rows / sizeof *chain_rows;

    if (tls->error_count == 0)
        return NULL;
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < tls->error_count; i++)
            if (fits(&chain_rows[row], &tls->errors[i]))
                return &chain_rows[row].page;
    return &chain_rows[rows - 1].page;
}

/* -- Failures ----------------------------------------------------------------------------------------------------------------- */

typedef struct failure_row {
    facts_code code;
    int alert; /* 0: any, or none */
    facts_page page;
} failure_row;

#define FAILURE(code, cause, text, chrome, firefox)                                                                    \
    {                                                                                                                  \
        FACTS_FAILURE_##code, 0,                                                                                       \
        {                                                                                                              \
            cause, text, chrome, firefox, false, false                                                                 \
        }                                                                                                              \
    }
#define HANDSHAKE(code, alert, cause, text, chrome, firefox)                                                           \
    {                                                                                                                  \
        FACTS_FAILURE_##code, alert,                                                                                   \
        {                                                                                                              \
            cause, text, chrome, firefox, true, false                                                                  \
        }                                                                                                              \
    }

static const failure_row failure_rows[] = {
    FAILURE(NAME_UNKNOWN, "name-unknown", "the name does not exist", "ERR_NAME_NOT_RESOLVED", NULL),
    FAILURE(NAME_WITHOUT_ADDRESS, "name-without-address", "the name has no address", "ERR_NAME_NOT_RESOLVED", NULL),
    FAILURE(NO_ROUTE, "no-route", "there is no way to the address", "ERR_ADDRESS_UNREACHABLE", NULL),
    FAILURE(CONNECTION_REFUSED, "connection-refused", "nothing listens on the port", "ERR_CONNECTION_REFUSED", NULL),
    FAILURE(CONNECT_TIMEOUT, "connect-timeout", "the host does not answer", "ERR_CONNECTION_TIMED_OUT", NULL),
    FAILURE(CONNECTION_RESET, "connection-reset", "the connection was reset", "ERR_CONNECTION_RESET",
            "PR_CONNECT_RESET_ERROR"),
    FAILURE(PROXY_UNREACHABLE, "proxy-unreachable", "the proxy cannot be reached", "ERR_PROXY_CONNECTION_FAILED", NULL),
    FAILURE(PROXY_REFUSED, "proxy-refused", "the proxy refused", "ERR_TUNNEL_CONNECTION_FAILED", NULL),
    HANDSHAKE(TLS_ALERT, 40, "tls-alert", "the server refused the handshake", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
              "SSL_ERROR_HANDSHAKE_FAILURE_ALERT"),
    HANDSHAKE(TLS_ALERT, 71, "tls-alert", "the server refused the handshake", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
              "SSL_ERROR_INSUFFICIENT_SECURITY_ALERT"),
    HANDSHAKE(TLS_ALERT, 80, "tls-alert", "the server broke the handshake off", "ERR_SSL_PROTOCOL_ERROR",
              "SSL_ERROR_INTERNAL_ERROR_ALERT"),
    HANDSHAKE(TLS_UNRECOGNIZED_NAME, 0, "tls-unrecognized-name", "the server does not know the name",
              "ERR_SSL_UNRECOGNIZED_NAME_ALERT", "SSL_ERROR_UNRECOGNIZED_NAME_ALERT"),
    HANDSHAKE(TLS_ALERT, 0, "tls-alert", "the server broke the handshake off", "ERR_SSL_PROTOCOL_ERROR", NULL),
    HANDSHAKE(TLS_VERSION, 70, "tls-version", "the server speaks no TLS that is still used",
              "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "SSL_ERROR_PROTOCOL_VERSION_ALERT"),
    HANDSHAKE(TLS_VERSION, 0, "tls-version", "the server speaks no TLS that is still used",
              "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "SSL_ERROR_UNSUPPORTED_VERSION"),
    HANDSHAKE(TLS_PLAIN_HTTP, 0, "tls-plain-http", "the server answered plain HTTP where TLS is due",
              "ERR_SSL_PROTOCOL_ERROR", "SSL_ERROR_RX_RECORD_TOO_LONG"),
    HANDSHAKE(TLS_NOT_TLS, 0, "tls-not-tls", "the server answered something that is not TLS", "ERR_SSL_PROTOCOL_ERROR",
              "SSL_ERROR_RX_RECORD_TOO_LONG"),
    HANDSHAKE(TLS_BROKEN, 0, "tls-broken", "the handshake failed", "ERR_SSL_PROTOCOL_ERROR", NULL),
    HANDSHAKE(TLS_TOO_LONG, 0, "tls-too-long", "it sends too much in the handshake", "ERR_SSL_PROTOCOL_ERROR", NULL),
    FAILURE(TLS_CLOSED, "tls-closed", "the server hung up in the handshake", "ERR_CONNECTION_CLOSED",
            "PR_END_OF_FILE_ERROR"),
    FAILURE(TLS_TIMEOUT, "tls-timeout", "the handshake did not end in time", "ERR_CONNECTION_TIMED_OUT", NULL),
    FAILURE(RESPONSE_EMPTY, "response-empty", "the server hung up without a response", "ERR_EMPTY_RESPONSE", NULL),
    FAILURE(RESPONSE_TIMEOUT, "response-timeout", "no response came in time", "ERR_TIMED_OUT", NULL),
    FAILURE(RESPONSE_NOT_HTTP, "response-not-http", "the response is not HTTP", "ERR_INVALID_HTTP_RESPONSE", NULL),
    FAILURE(RESPONSE_TOO_LONG, "response-too-long", "the response head is too long", "ERR_RESPONSE_HEADERS_TOO_BIG",
            NULL),
    FAILURE(HTTP2_UNSUITABLE_CIPHER, "http2-unsuitable-cipher",
            "HTTP/2 may not be spoken with the cipher that the server chose", "ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY",
            "NS_ERROR_NET_INADEQUATE_SECURITY"),
};

static const facts_page unlisted = {.cause = "failed", .text = "no response came"};

const facts_page *agent_page_of_failure(const facts_failure *failure)
{
    for (size_t i = 0; i < sizeof failure_rows / sizeof *failure_rows; i++) {
        const failure_row *row = &failure_rows[i];

        if (row->code == failure->code && (row->alert == 0 || row->alert == failure->alert))
            return &row->page;
    }
    return &unlisted;
}

/* -- Redirects ---------------------------------------------------------------------------------------------------------------- */

static const facts_page refusals[] = {
    [AGENT_REDIRECT_LOOP] = {"redirect-loop", "the redirects go round in a circle", "ERR_TOO_MANY_REDIRECTS",
                             "NS_ERROR_REDIRECT_LOOP", false, false},
    [AGENT_TOO_MANY_REDIRECTS] = {"too-many-redirects", "there are more redirects than a browser follows",
                                  "ERR_TOO_MANY_REDIRECTS", "NS_ERROR_REDIRECT_LOOP", false, false},
    [AGENT_SEVERAL_LOCATIONS] = {"several-locations", "the response names several places to go to",
                                 "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION", NULL, false, false},
    [AGENT_BAD_LOCATION] = {"bad-location", "the redirect leads to no URL", "ERR_INVALID_REDIRECT", NULL, false, false},
    [AGENT_OTHER_SCHEME] = {"other-scheme", "the redirect leads away from the web", NULL, NULL, false, false},
    [AGENT_NO_ADDRESS_POSSIBLE] = {"no-address-possible", "the redirect leads to a host that can have no address", NULL,
                                   NULL, false, false},
};

const facts_page *agent_page_of_refusal(agent_refusal refusal)
{
    return &refusals[refusal];
}
