#include "lab/hosts.h"

/* A row names only what its host is about. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define OK "200 OK\r\n"
#define MOVED(url) "301 Moved Permanently\r\nLocation: " url "\r\n"
#define NOT_FOUND "404 Not Found\r\n"
#define STS(value) "Strict-Transport-Security: " value "\r\n"
#define YEAR STS("max-age=31536000; includeSubDomains")

/*
 * A host is a line: name, fault, certificate, answer over HTTPS, answer over plain HTTP, what a check must find: the findings of
 * severity warning or error, in their order; or "hsts-in-force".
 */
const lab_recipe lab_recipes[] = {
    {"good.lab.test", "none", LAB_GOOD, OK YEAR, MOVED("https://good.lab.test/"), "hsts-in-force"},
    {"no-header.lab.test", "no STS field", LAB_GOOD, OK, MOVED("https://no-header.lab.test/"), "hsts-missing"},
    {"max-age-0.lab.test", "max-age=0", LAB_GOOD, OK STS("max-age=0"), MOVED("https://max-age-0.lab.test/"),
     "hsts-off"},
    {"malformed.lab.test", "malformed STS field", LAB_GOOD, OK STS("max-age=31536000, includeSubDomains"),
     MOVED("https://malformed.lab.test/"), "hsts-void"},
    {"duplicate.lab.test", "two STS fields", LAB_GOOD, OK YEAR STS("max-age=0"), MOVED("https://duplicate.lab.test/"),
     "hsts-several"},
    {"expired.lab.test", "expired certificate", LAB_EXPIRED, OK YEAR, MOVED("https://expired.lab.test/"),
     "cert-expired"},
    {"early.lab.test", "certificate not valid yet", LAB_EARLY, OK YEAR, MOVED("https://early.lab.test/"),
     "cert-not-yet-valid"},
    {"wrong-name.lab.test", "certificate for another name", LAB_WRONG_NAME, OK YEAR,
     MOVED("https://wrong-name.lab.test/"), "cert-wrong-name"},
    {"self-signed.lab.test", "self-signed certificate", LAB_SELF_SIGNED, OK YEAR,
     MOVED("https://self-signed.lab.test/"), "cert-self-signed"},
    {"no-chain.lab.test", "missing intermediate", LAB_NO_CHAIN, OK YEAR, MOVED("https://no-chain.lab.test/"),
     "cert-missing-intermediate"},
    {"closed.lab.test", "closed port 443", LAB_CLOSED, NULL, MOVED("https://closed.lab.test/"), "port-closed"},
    {"clear.lab.test", "port 80 without redirect", LAB_GOOD, OK YEAR, OK, "http-no-redirect"},
    {"foreign.lab.test", "redirect over a foreign host", LAB_GOOD, OK YEAR, MOVED("https://good.lab.test/"),
     "http-redirect-foreign"},
    {"http-only.lab.test", "STS field over HTTP only", LAB_GOOD, OK, MOVED("https://http-only.lab.test/") YEAR,
     "hsts-missing, http-sts-in-clear"},
    {"downgrade.lab.test", "HTTPS redirects to HTTP", LAB_GOOD, MOVED("http://clear.lab.test/") YEAR,
     MOVED("https://downgrade.lab.test/"), "redirect-downgrade"},
    {"loop.lab.test", "redirect loop", LAB_GOOD, MOVED("https://loop.lab.test/") YEAR, MOVED("https://loop.lab.test/"),
     "redirect-loop"},
    {"bad-target.lab.test", "redirect to a faulty host", LAB_GOOD, MOVED("https://expired.lab.test/") YEAR,
     MOVED("https://bad-target.lab.test/"), "cert-expired"},
    {"http2.lab.test", "none, over HTTP/2", LAB_GOOD, OK YEAR, MOVED("https://http2.lab.test/"), "hsts-in-force",
     .http2 = OK YEAR},
    {"http2-differs.lab.test", "no STS field over HTTP/2", LAB_GOOD, OK YEAR, MOVED("https://http2-differs.lab.test/"),
     "hsts-missing, hsts-not-on-http2", .http2 = OK},
    {"head-differs.lab.test", "HEAD without the STS field", LAB_GOOD, OK YEAR, MOVED("https://head-differs.lab.test/"),
     "hsts-in-force", .head = OK},
    {"errors.lab.test", "error pages without STS field", LAB_GOOD, OK YEAR, MOVED("https://errors.lab.test/"),
     "hsts-not-on-errors", .missing = NOT_FOUND},
    {"redirects.lab.test", "redirects without STS field", LAB_GOOD, OK YEAR, MOVED("https://redirects.lab.test/"),
     "hsts-not-on-redirects", .missing = MOVED("https://redirects.lab.test/")},
    {"differs.lab.test", "another policy on error pages", LAB_GOOD, OK YEAR, MOVED("https://differs.lab.test/"),
     "hsts-differs", .missing = NOT_FOUND STS("max-age=0")},
    {"clock.lab.test", "a clock that is wrong", LAB_GOOD, OK YEAR "Date: Thu, 01 Jan 2015 00:00:00 GMT\r\n",
     MOVED("https://clock.lab.test/"), "clock-skew"},
    {"portal.lab.test", "captive portal: login required", LAB_GOOD, OK YEAR, "511 Network Authentication Required\r\n",
     "http-error, captive-portal"},
    {"portal-redirect.lab.test", "captive portal: redirect to a private address", LAB_GOOD, OK YEAR,
     MOVED("http://192.168.77.1/login"), "http-redirect-foreign, captive-portal"},
};

const size_t lab_recipe_count = sizeof lab_recipes / sizeof *lab_recipes;
