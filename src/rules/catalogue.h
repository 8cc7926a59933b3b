/*
 * rules/catalogue.h: every conclusion that can be drawn, in one table. The names reach users, JSON and configuration; they are
 * stable. Title: what is the case. Why: why it matters. Fix: what to do.
 */
#ifndef RULES_CATALOGUE_H
#define RULES_CATALOGUE_H

#include "holdfast/header.h"

/* symbol, name, severity, RFC 6797 section ("-": not of the RFC), title, why, fix */
#define RULE_MAP(X)                                                                                                    \
    X(PORT_CLOSED, "port-closed", ERROR, "8.3", "nothing listens on the HTTPS port",                                   \
      "A browser that knows the host as HSTS only ever comes to this port, and gives up here.",                        \
      "Start the HTTPS server, and open the port on every address of the name, IPv4 and IPv6.")                        \
    X(NO_ANSWER, "no-answer", ERROR, "8.3", "the host does not answer on the HTTPS port",                              \
      "A browser waits, then gives up. With HSTS it may not fall back to plain HTTP.",                                 \
      "Look for a firewall that drops packets, and for addresses in the DNS that are no longer in use.")               \
    X(CONNECTION_LOST, "connection-lost", ERROR, "8.3", "the connection breaks", "No browser gets an answer over it.", \
      "Look at the server's log, and at what stands between it and the net.")                                          \
    X(TLS_PLAIN_HTTP, "tls-plain-http", ERROR, "8.3", "the HTTPS port speaks plain HTTP",                              \
      "Every browser fails here, and there is no HSTS without TLS.",                                                   \
      "Turn TLS on for this listener (nginx: `listen 443 ssl`; Apache: `SSLEngine on`).")                              \
    X(TLS_NOT_TLS, "tls-not-tls", ERROR, "8.3", "the HTTPS port speaks something that is not TLS",                     \
      "Every browser fails here, and there is no HSTS without TLS.",                                                   \
      "See which program listens on the port, and put the web server there.")                                          \
    X(TLS_VERSION, "tls-version", ERROR, "8.4", "the server speaks neither TLS 1.2 nor TLS 1.3",                       \
      "Browsers have given up older versions, and show an error without a way round.", "Turn on TLS 1.2 and TLS 1.3.") \
    X(TLS_FAILED, "tls-failed", ERROR, "8.4", "the TLS handshake fails",                                               \
      "Every browser fails here, whatever it thinks of the certificate.",                                              \
      "The server's log names the reason: often no certificate for this name, or no cipher in common.")                \
    X(RESPONSE_FAILED, "response-failed", ERROR, "8.1", "no usable HTTP response",                                     \
      "TLS works, but what comes over it is no answer that a browser could read.",                                     \
      "See what answers behind TLS: a proxy whose backend is down, or a program that speaks no HTTP.")                 \
    X(CERT_EXPIRED, "cert-expired", ERROR, "8.4", "the certificate has expired",                                       \
      "Browsers refuse it, and whoever holds an HSTS policy gets no way round.",                                       \
      "Renew the certificate and reload the server; then find out why the renewal did not happen by itself.")          \
    X(CERT_CHAIN_EXPIRED, "cert-chain-expired", ERROR, "8.4", "a certificate of the chain has expired",                \
      "The server's own certificate is in date, but one that leads from it to the root is not.",                       \
      "Replace the chain file by the current one of the certificate authority.")                                       \
    X(CERT_NOT_YET_VALID, "cert-not-yet-valid", ERROR, "8.4", "the certificate is not valid yet",                      \
      "Browsers refuse it until its time begins.",                                                                     \
      "Put the former certificate back until then, and check the clock of the machine that issued this one.")          \
    X(CERT_WRONG_NAME, "cert-wrong-name", ERROR, "8.4", "the certificate is for other names",                          \
      "Browsers compare the host with the certificate's alternative names, and refuse what does not match.",           \
      "Issue a certificate that lists this host (host and www.host are two names), or give the server the right one.") \
    X(CERT_SELF_SIGNED, "cert-self-signed", ERROR, "11.3", "the certificate is self-signed",                           \
      "No browser trusts it, and HSTS takes away the click that went round the warning.",                              \
      "Use a public certificate authority (ACME costs nothing), or one that all clients have installed.")              \
    X(CERT_UNKNOWN_ISSUER, "cert-unknown-issuer", ERROR, "11.3", "the chain ends at an authority that is not trusted", \
      "Browsers trust the roots they ship, and those their owner has installed.",                                      \
      "Use a public authority, or install this one on every client (here: --cafile).")                                 \
    X(CERT_MISSING_INTERMEDIATE, "cert-missing-intermediate", ERROR, "8.4",                                            \
      "the certificate of the issuer is not sent",                                                                     \
      "Neither the server nor the trust store has it. Some browsers find it elsewhere and hide the fault; others, "    \
      "and "                                                                                                           \
      "most programs, refuse.",                                                                                        \
      "Send the whole chain: the file that authorities call fullchain, the server's own certificate first.")           \
    X(CERT_FAULT, "cert-fault", ERROR, "8.4", "the certificate chain has a fault",                                     \
      "Browsers refuse it, and whoever holds an HSTS policy gets no way round.",                                       \
      "Have the certificate issued again, and look at the profile of the authority that issued it.")                   \
    X(CERT_EXPIRES_SOON, "cert-expires-soon", WARNING, "8.4", "the certificate expires soon",                          \
      "By now a renewal should have happened. When it has expired, whoever holds an HSTS policy is locked out.",       \
      "Renew it now, and see why that did not happen by itself.")                                                      \
    X(HSTS_MISSING, "hsts-missing", ERROR, "7.1", "there is no STS field",                                             \
      "Browsers note nothing, and go on trying plain HTTP first.",                                                     \
      "Send Strict-Transport-Security on every HTTPS response; begin with max-age=300.")                               \
    X(HSTS_VOID, "hsts-void", ERROR, "8.1", "the STS field is void",                                                   \
      "A browser must ignore a field that breaks the grammar, all of it.",                                             \
      "Send Strict-Transport-Security: max-age=31536000, with includeSubDomains once every subdomain has HTTPS.")      \
    X(HSTS_OFF, "hsts-off", ERROR, "6.1.1", "max-age=0 turns HSTS off",                                                \
      "Each visit makes the browser forget the policy. That ends HSTS in good order, and is no protection.",           \
      "If this is no rollback, send a max-age above 0.")                                                               \
    X(HSTS_IP_ADDRESS, "hsts-ip-address", WARNING, "8.1.1", "an IP address cannot be an HSTS host",                    \
      "Browsers ignore the field when the URL names an address.", "Serve the site under a name.")                      \
    X(HSTS_LOCALHOST, "hsts-localhost", WARNING, "-", "localhost is exempt from HSTS here, as in Chromium",            \
      "A policy for localhost would break every other server on it.", "Use a name of your own for this test.")         \
    X(HSTS_SEVERAL, "hsts-several", WARNING, "8.1", "there are several STS fields",                                    \
      "Only the first counts, in browsers; curl and wget take the last.",                                              \
      "Send it in one place: the application, the server, or the proxy in front of it.")                               \
    X(HSTS_SHORT, "hsts-short", INFO, "11.2", "max-age is below half a year",                                          \
      "Whoever does not come back within this time is unprotected on the next visit.",                                 \
      "When every stage has been waited out, raise it to 31536000.")                                                   \
    X(HSTS_PECULIAR, "hsts-peculiar", WARNING, "6.1", "the STS field is valid, but hardly what was meant",             \
      "Browsers accept it, but do not do what the words seem to say.", "Write it as shown in the notes.")

typedef enum rule_id {
#define RULE_X(symbol, name, severity, section, title, why, fix) RULE_##symbol,
    RULE_MAP(RULE_X)
#undef RULE_X
        RULE_COUNT
} rule_id;

typedef struct rule_entry {
    const char *name;
    hf_severity severity;
    const char *section, *title, *why, *fix;
} rule_entry;

const rule_entry *rule_find(rule_id id);

#endif
