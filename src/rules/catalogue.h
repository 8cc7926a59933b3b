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
      "A certificate that leads from the server's own to the root is no longer in date.",                              \
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
      "Send the whole chain: the file that authorities call fullchain, the server's own certificate first. Or the "    \
      "authority is a private one: then install it on every client (here: --cafile FILE).")                            \
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
      "Browsers accept it, but do not do what the words seem to say.", "Write it as shown in the notes.")              \
    X(HSTS_DIFFERS, "hsts-differs", WARNING, "8.1", "answers of one host carry different policies",                    \
      "Each visit replaces the policy before it, so what is in force depends on the page that was visited last.",      \
      "Set the field in one place for the whole host, not page by page.")                                              \
    X(HOP_WITHOUT_FIELD, "hop-without-field", WARNING, "7.1", "an answer of the host carries no STS field",            \
      "A browser that comes to this page first notes nothing.",                                                        \
      "Send the field on every HTTPS response, redirects and error pages included (nginx: `always`).")                 \
    X(HOST_WITHOUT_POLICY, "host-without-policy", WARNING, "7.1",                                                      \
      "a host that visitors are led to sends no policy, and none covers it",                                           \
      "Who comes there first, or again, can be kept on plain HTTP by somebody on the way.",                            \
      "Send the STS field there too, or includeSubDomains on the domain above.")                                       \
    X(HSTS_SUBDOMAINS_NOT_ON_APEX, "hsts-subdomains-not-on-apex", WARNING, "6.1.2",                                    \
      "includeSubDomains is sent by www, but not by the domain itself",                                                \
      "For www it covers only what is below www, which is hardly ever anything.",                                      \
      "Send includeSubDomains on the domain itself, once every subdomain has HTTPS.")                                  \
    X(HSTS_WITHOUT_SUBDOMAINS, "hsts-without-subdomains", INFO, "14.4", "subdomains are not covered",                  \
      "Cookies that are set for the whole domain can be read and set over plain HTTP by way of a subdomain.",          \
      "Send includeSubDomains, once every subdomain has HTTPS.")                                                       \
    X(HTTP_NO_REDIRECT, "http-no-redirect", ERROR, "7.2", "port 80 serves content in clear",                           \
      "Visitors who come without a policy stay on plain HTTP, and never see the STS field.",                           \
      "Answer everything on port 80 with a permanent redirect to https:// on the same host.")                          \
    X(HTTP_REDIRECT_FOREIGN, "http-redirect-foreign", ERROR, "7.2",                                                    \
      "port 80 sends to another host before this one was seen over HTTPS",                                             \
      "The browser never gets a policy for this host: its next visit goes in clear again, and can be diverted.",       \
      "Redirect to https:// on the same host first, and from there to the other one.")                                 \
    X(HTTP_REDIRECT_LATE, "http-redirect-late", WARNING, "7.2",                                                        \
      "port 80 redirects in clear before it redirects to HTTPS",                                                       \
      "Each answer in clear is one more that can be forged.", "Let the first redirect lead to https://.")              \
    X(HTTP_REDIRECT_TEMPORARY, "http-redirect-temporary", INFO, "7.2", "the redirect to HTTPS is a temporary one",     \
      "Browsers and search engines ask again in clear each time.", "Use 301 or 308.")                                  \
    X(HTTP_ERROR, "http-error", WARNING, "7.2", "port 80 answers with an error instead of a redirect",                 \
      "Visitors who type the name without https:// and have no policy yet may get no further.",                        \
      "Answer everything on port 80 with a permanent redirect to https:// on the same host.")                          \
    X(HTTP_BROKEN, "http-broken", WARNING, "7.2", "port 80 gives no usable answer",                                    \
      "Visitors who type the name without https:// and have no policy yet may get no further.",                        \
      "Answer on port 80 with a permanent redirect to https:// on the same host, or close it.")                        \
    X(HTTP_CLOSED, "http-closed", INFO, "7.2", "port 80 does not answer",                                              \
      "Safe, but old links and clients that try http:// first get nowhere.",                                           \
      "If they matter, open port 80 for a permanent redirect to https:// on the same host, and nothing else.")         \
    X(HTTP_STS_IN_CLEAR, "http-sts-in-clear", WARNING, "7.2", "the STS field is sent over plain HTTP",                 \
      "Browsers ignore it there, for anybody could have put it in.",                                                   \
      "Send it on the HTTPS side only; see that it is there, too.")                                                    \
    X(REDIRECT_LOOP, "redirect-loop", ERROR, "-", "the redirects go round in a circle",                                \
      "Browsers give up with an error page. Cookies are not kept here: a site that insists on one loops too.",         \
      "Look for two places that each redirect to the other: often http and https behind a proxy, or with and "         \
      "without www.")                                                                                                  \
    X(REDIRECT_TOO_MANY, "redirect-too-many", ERROR, "-", "there are too many redirects",                              \
      "Browsers give up after twenty, others after fewer; each costs the visitor a round trip.",                       \
      "Lead to the destination directly.")                                                                             \
    X(REDIRECT_NOWHERE, "redirect-nowhere", ERROR, "-", "a redirect leads nowhere",                                    \
      "What stands in Location is nothing that a browser could request.", "Send one Location, with a whole URL.")      \
    X(REDIRECT_UNKNOWN_NAME, "redirect-unknown-name", ERROR, "-", "a redirect leads to a name without address",        \
      "Browsers show an error page.", "Correct the redirect, or the DNS.")                                             \
    X(REDIRECT_DOWNGRADE, "redirect-downgrade", ERROR, "7.1", "HTTPS redirects to plain HTTP",                         \
      "Without a policy the visitor goes on in clear. With one the browser turns it back to HTTPS: a loop, if it "     \
      "is the same host.",                                                                                             \
      "Redirect to https:// URLs only; behind a proxy, tell the application which scheme the visitor used.")           \
    X(TLS_CIPHER, "tls-cipher", ERROR, "8.4", "the server has no cipher, group or signature in common with browsers",  \
      "Browsers offer what is deemed safe today, and get no connection to a server that knows only older things.",     \
      "Turn on ECDHE with AES-GCM and a certificate with an RSA or P-256 key that is signed with SHA-256.")            \
    X(CERT_WEAK_KEY, "cert-weak-key", ERROR, "8.4", "a key is too short",                                              \
      "RSA below 2048 bits is within reach of those who would forge. Authorities sign no such keys, and clients "      \
      "refuse them.",                                                                                                  \
      "Make a new key, RSA of 2048 bits or P-256, and have a certificate issued for it.")                              \
    X(CERT_WEAK_SIGNATURE, "cert-weak-signature", ERROR, "8.4", "a certificate is signed with a broken algorithm",     \
      "Two certificates with one SHA-1 or MD5 can be made on purpose, so browsers believe neither.",                   \
      "Have it issued again, with SHA-256; if it is the authority's own, take its current chain.")                     \
    X(CERT_REVOKED, "cert-revoked", ERROR, "8.4", "the certificate has been revoked",                                  \
      "The server itself shows the proof, and browsers refuse the certificate.",                                       \
      "Have a new one issued, with a new key if the old one may be known to others; then find out who revoked it, "    \
      "and why.")                                                                                                      \
    X(CERT_NAME_CONSTRAINTS, "cert-name-constraints", ERROR, "8.4", "the authority may not sign for this name",        \
      "A certificate of the chain limits the names that may stand below it, and this one is not among them.",          \
      "Take a certificate of an authority that is not limited, or have the limit of your own one widened.")            \
    X(CERT_WRONG_PURPOSE, "cert-wrong-purpose", ERROR, "8.4", "a certificate was issued for another purpose",          \
      "It may sign mail, or authenticate clients, but not a server: browsers refuse it.",                              \
      "Have it issued with the extended key usage serverAuth.")                                                        \
    X(CERT_NOT_AN_AUTHORITY, "cert-not-an-authority", ERROR, "8.4", "a certificate signs what it may not sign",        \
      "It is no authority's, or has more authorities below it than it allows.",                                        \
      "Take the chain file of the authority; if the authority is your own, look at its basic constraints.")            \
    X(CERT_VALIDITY_TOO_LONG, "cert-validity-too-long", ERROR, "-",                                                    \
      "the certificate is valid for longer than browsers allow",                                                       \
      "No RFC says so, but browsers do: a certificate of a public authority that was issued since September 2020 is "  \
      "refused if it is valid for more than 398 days.",                                                                \
      "Have it issued for a shorter time, and renew it by a program (ACME).")                                          \
    X(CERT_VALIDITY_LONG, "cert-validity-long", INFO, "-", "the certificate is valid for more than 398 days",          \
      "Browsers put up with it, for its authority is not public; a public one could not issue it.",                    \
      "Shorter lives mean that renewal is practised, and that a stolen key is of use for less time.")                  \
    X(STAPLE_MISSING, "staple-missing", ERROR, "8.4",                                                                  \
      "the certificate insists on a stapled OCSP response, and no usable one is sent",                                 \
      "Firefox and others that know RFC 7633 refuse the connection, without a way round.",                             \
      "Turn stapling on and see that the server can reach its authority; or have the certificate issued without "      \
      "must-staple.")                                                                                                  \
    X(STAPLE_FAULT, "staple-fault", WARNING, "8.4", "the stapled OCSP response is no good",                            \
      "Some browsers refuse the connection, others ignore the response.",                                              \
      "Look at the server's log: it should fetch a new response in time, of the authority of this very certificate. "  \
      "Or turn stapling off.")                                                                                         \
    X(CHAIN_ORDER, "chain-order", WARNING, "-", "the certificates are sent in the wrong order",                        \
      "Browsers sort them, some other clients do not and refuse. TLS wants each to be followed by the one that "       \
      "signed it.",                                                                                                    \
      "Put the server's own certificate first, then its issuer, and so on up: the file that authorities call "         \
      "fullchain.")                                                                                                    \
    X(CHAIN_DUPLICATE, "chain-duplicate", WARNING, "-", "a certificate is sent twice",                                 \
      "It makes every handshake longer, and some clients refuse what is out of order.",                                \
      "Look whether the chain is configured in two places, such as the certificate's file and a chain file.")          \
    X(CHAIN_EXTRA, "chain-extra", WARNING, "-", "a certificate is sent that has nothing to do with the others",        \
      "It makes every handshake longer, and shows that the chain file is not the one of this certificate.",            \
      "Take the chain file that belongs to the certificate.")                                                          \
    X(CHAIN_ROOT_SENT, "chain-root-sent", INFO, "-", "the root is sent",                                               \
      "Who trusts it has it, and who has it not does not trust it: the octets are for nothing.",                       \
      "Leave the root out of the chain file.")                                                                         \
    X(CHAIN_INCOMPLETE, "chain-incomplete", WARNING, "-",                                                              \
      "the chain sent has a gap, which this machine's trust store happens to fill",                                    \
      "Whose store is another does not get from the server's certificate to a root.",                                  \
      "Send the whole chain: the file that authorities call fullchain.")                                               \
    X(STORE_REFUSES, "store-refuses", WARNING, "8.4", "another trust store does not accept the chain",                 \
      "Visitors whose programs trust that store are refused.",                                                         \
      "If they matter, take an authority that stands in their store too, or send a chain that leads to one.")          \
    X(CERT_NAME_UNCOVERED, "cert-name-uncovered", WARNING, "8.4",                                                      \
      "the certificate is not for a name that it should be for",                                                       \
      "Visitors of that name meet a certificate error, and with includeSubDomains no way round it.",                   \
      "Issue a certificate that lists the name, or see that the name is served with another one.")                     \
    X(CERT_DEFAULT, "cert-default", WARNING, "8.4", "the server shows its default certificate",                        \
      "It shows the same to clients that name no host at all: it seems not to know this one.",                         \
      "Configure a virtual host for this name on the HTTPS port, with a certificate of its own; and see that it is "   \
      "enabled, on every server behind the name.")                                                                     \
    X(ADDRESS_DOWN, "address-down", WARNING, "8.3", "an address of the host gives no answer, others do",               \
      "Visitors who come there wait for the next address, if their program tries another one at all.",                 \
      "Start the server there, or take the address out of the DNS.")                                                   \
    X(ADDRESS_FAULT, "address-fault", ERROR, "8.4",                                                                    \
      "an address of the host shows a certificate with errors, others do not",                                         \
      "The DNS sends some visitors there: they are refused, the others get in, and it is hard to see why.",            \
      "Bring the certificate of that server up to date; reload it after each renewal, as the others.")                 \
    X(ADDRESS_CERTIFICATE_DIFFERS, "address-certificate-differs", INFO, "-",                                           \
      "addresses of the host show different certificates",                                                             \
      "That is all right if it is meant so; or else one of the servers has missed a renewal.",                         \
      "See that every server gets the new certificate, and is reloaded.")                                              \
    X(TLS_LOCAL_ROOT, "tls-local-root", INFO, "-", "the chain ends at a root that was installed on this machine",      \
      "It is not among the roots that browsers ship. Either the host is meant for machines that have this root, or "   \
      "something between here and the host shows certificates of its own.",                                            \
      "If the host is a public one, look at it from another network, or from a machine without that root.")            \
    X(TLS_INTERCEPTED, "tls-intercepted", WARNING, "-", "TLS seems to be intercepted between here and the host",       \
      "An antivirus program or a proxy that inspects TLS shows certificates of its own, so the certificate seen here " \
      "is hardly the one that the host shows to others.",                                                              \
      "Look from another network, or have the proxy leave the host out; what is said here of the certificate is "      \
      "about the interceptor's.")                                                                                      \
    X(HSTS_NOT_ON_HTTP2, "hsts-not-on-http2", ERROR, "7.1",                                                            \
      "over HTTP/2 there is no STS field, over HTTP/1.1 there is",                                                     \
      "Browsers speak HTTP/2 wherever a server does, and so never see the field.",                                     \
      "Send it from where both end: the server or proxy that faces the visitor, for every listener and protocol.")     \
    X(HSTS_NOT_ON_ADDRESS, "hsts-not-on-address", WARNING, "7.1",                                                      \
      "one address of the host sends no STS field, another does",                                                      \
      "Whether a visitor gets a policy depends on the address that the browser happens to take.",                      \
      "Bring the machine behind this address, or the node of the CDN, to the state of the others.")                    \
    X(HSTS_NOT_ON_ERRORS, "hsts-not-on-errors", WARNING, "7.1", "error pages carry no STS field",                      \
      "A browser that comes to such a page first notes nothing, and it may be the first page for long: a favicon, an " \
      "old link.",                                                                                                     \
      "nginx: `add_header ... always;`, Apache: `Header always set ...`; then restart and ask for a page that does "   \
      "not exist.")                                                                                                    \
    X(HSTS_NOT_ON_REDIRECTS, "hsts-not-on-redirects", WARNING, "7.1", "redirects carry no STS field",                  \
      "Who types the bare name comes to the redirect first, and notes nothing for this host.",                         \
      "Send the field with redirects too (nginx: `always`, and in each location that has an add_header of its own).")  \
    X(HSTS_NOT_ON_HTTP1, "hsts-not-on-http1", INFO, "7.1",                                                             \
      "over HTTP/1.1 there is no STS field, over HTTP/2 there is",                                                     \
      "Browsers speak HTTP/2 here; behind a proxy that does not, and in simpler clients, no policy is noted.",         \
      "Send it from where both end, for every protocol.")                                                              \
    X(HSTS_HEAD_DIFFERS, "hsts-head-differs", INFO, "7.1", "HEAD and GET are answered with different STS fields",      \
      "Browsers ask with GET, checkers often with HEAD: they see another policy than visitors do.",                    \
      "Have HEAD answered by what answers GET.")                                                                       \
    X(CLOCK_SKEW, "clock-skew", WARNING, "-", "this machine's clock or the server's is wrong",                         \
      "Certificates are valid by the visitor's clock: one that is wrong makes date errors that no server can mend. A " \
      "server whose clock is wrong renews at the wrong time.",                                                         \
      "Compare both with a third clock (`timedatectl`, `chronyc tracking`), and keep both in step with NTP.")          \
    X(CAPTIVE_PORTAL, "captive-portal", WARNING, "-", "a network answers in place of the host",                        \
      "A network that wants a login first (a captive portal) stands between; what was seen is the portal's, not the "  \
      "host's.",                                                                                                       \
      "Log in to the network, or look from another one, and check again.")                                             \
    X(DNS_DANGLING, "dns-dangling", ERROR, "-", "the name is an alias of one that does not exist",                     \
      "Nobody gets in; and whoever can register or claim the other name gets visitors, certificates and policies for " \
      "this one.",                                                                                                     \
      "Remove the CNAME, or bring back what it points to.")                                                            \
    X(DNS_FAMILY_FAILED, "dns-family-failed", WARNING, "-",                                                            \
      "the DNS answers for one address family and fails for the other",                                                \
      "Visitors wait for the answer that fails; some resolvers then say that the name has no address at all.",         \
      "Make the name servers answer A and AAAA questions alike: with no records if there are none, never with a "      \
      "failure or silence.")                                                                                           \
    X(HTTPS_RECORD, "https-record", INFO, "-", "the DNS announces HTTPS for the name",                                 \
      "Browsers that know HTTPS records go to https:// at once, also without a policy, and are to treat TLS errors "   \
      "as final (RFC 9460 9.5).",                                                                                      \
      "Keep HTTPS working for as long as the record is there, and for its TTL after that.")                            \
    X(HTTPS_RECORD_WITHOUT_HTTPS, "https-record-without-https", ERROR, "-",                                            \
      "the DNS announces HTTPS for a name whose HTTPS does not work",                                                  \
      "Browsers that know HTTPS records turn http:// into https:// without asking, as HSTS does, and stand before "    \
      "the same error (RFC 9460 9.5).",                                                                                \
      "Repair HTTPS, or remove the HTTPS record until it works.")                                                      \
    X(HTTPS_RECORD_VOID, "https-record-void", WARNING, "-", "the HTTPS records of the name cannot be used",            \
      "A browser that meets a malformed one ignores them all (RFC 9460 2.2): what they promise, ECH and the first "    \
      "visit over https:// among it, does not happen.",                                                                \
      "Correct the record; most name servers check it when it is written in its own form instead of as raw octets.")   \
    X(HTTPS_RECORD_PORT, "https-record-port", WARNING, "-", "the HTTPS record leads to another port",                  \
      "Browsers that know HTTPS records go to that port, all others to the usual one: two servers answer for one "     \
      "name, and must have the same certificate and STS field.",                                                       \
      "Check that port as well, with --connect-to; or leave the port out of the record.")                              \
    X(HTTPS_RECORD_ADDRESS, "https-record-address", WARNING, "-",                                                      \
      "the addresses in the HTTPS record are none of those of the name",                                               \
      "Browsers that use them go to another server than all others do: often one from before a move.",                 \
      "Bring ipv4hint and ipv6hint in line with the A and AAAA records, or leave them out.")                           \
    X(HTTPS_RECORD_FAILED, "https-record-failed", WARNING, "-", "the DNS fails when it is asked for HTTPS records",    \
      "A browser that asks over an encrypted resolver should then not connect at all (RFC 9460 3.1).",                 \
      "Make the name servers answer for type 65 like for any other: with no records if there are none.")               \
    X(CAA_FORBIDS, "caa-forbids", WARNING, "-", "CAA lets no authority issue a certificate for the name",              \
      "The certificate in use cannot be renewed; when it runs out, everybody who holds a policy is locked out.",       \
      "Name the authority in a CAA record, issue or issuewild, before the next renewal.")                              \
    X(CAA_CRITICAL, "caa-critical", WARNING, "-",                                                                      \
      "a CAA record is marked critical, and its tag is hardly known to anybody",                                       \
      "An authority that does not know the tag must refuse (RFC 8659 4.1), so that the renewal fails.",                \
      "Correct the tag, or clear the flag (128).")                                                                     \
    X(CAA_FAILED, "caa-failed", WARNING, "-", "the DNS fails when it is asked for CAA records",                        \
      "Authorities must ask before they issue, and refuse when the answer is a failure: the renewal fails.",           \
      "Make the name servers of the name, and of those above it, answer for type CAA: with no records if there are "   \
      "none.")

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
