#include "lab/hosts.h"

#define OK "200 OK\r\n"
#define MOVED(url) "301 Moved Permanently\r\nLocation: " url "\r\n"
#define STS(value) "Strict-Transport-Security: " value "\r\n"
#define YEAR STS("max-age=31536000; includeSubDomains")

/*
 * A host is a line: name, fault, certificate, answer over HTTPS, answer over plain HTTP, what a check must find: the findings of
 * severity warning or error, in their order; or "hsts-in-force". What the DNS says of it stands in lab/dns.c.
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
    {"addresses.lab.test", "several addresses", LAB_GOOD, OK YEAR, MOVED("https://addresses.lab.test/"),
     "hsts-in-force"},
    {"alias.lab.test", "an alias (CNAME)", LAB_GOOD, OK YEAR, MOVED("https://alias.lab.test/"), "hsts-in-force"},
    {"dangling.lab.test", "an alias of a name that is gone", LAB_GOOD, OK YEAR, MOVED("https://dangling.lab.test/"),
     "dns-dangling"},
    {"unknown.lab.test", "a name that is not in the DNS", LAB_GOOD, OK YEAR, MOVED("https://unknown.lab.test/"),
     "hsts-in-force"},
    {"half.lab.test", "SERVFAIL for IPv6 addresses", LAB_GOOD, OK YEAR, MOVED("https://half.lab.test/"),
     "dns-family-failed"},
    {"truncated.lab.test", "DNS answers that need TCP", LAB_GOOD, OK YEAR, MOVED("https://truncated.lab.test/"),
     "hsts-in-force"},
    {"caa.lab.test", "CAA for one authority", LAB_GOOD, OK YEAR, MOVED("https://caa.lab.test/"), "hsts-in-force"},
    {"caa-forbids.lab.test", "CAA that lets nobody issue", LAB_GOOD, OK YEAR, MOVED("https://caa-forbids.lab.test/"),
     "caa-forbids"},
    {"caa-critical.lab.test", "CAA with a critical tag nobody knows", LAB_GOOD, OK YEAR,
     MOVED("https://caa-critical.lab.test/"), "caa-critical"},
    {"caa-failed.lab.test", "SERVFAIL for CAA", LAB_GOOD, OK YEAR, MOVED("https://caa-failed.lab.test/"), "caa-failed"},
    {"record.lab.test", "an HTTPS record", LAB_GOOD, OK YEAR, MOVED("https://record.lab.test/"), "hsts-in-force"},
    {"record-alias.lab.test", "an HTTPS record that is an alias", LAB_GOOD, OK YEAR,
     MOVED("https://record-alias.lab.test/"), "hsts-in-force"},
    {"record-closed.lab.test", "an HTTPS record, but port 443 is closed", LAB_CLOSED, NULL, OK,
     "port-closed, http-no-redirect, https-record-without-https"},
    {"record-expired.lab.test", "an HTTPS record, but the certificate has expired", LAB_EXPIRED, OK YEAR,
     MOVED("https://record-expired.lab.test/"), "cert-expired, https-record-without-https"},
    {"record-malformed.lab.test", "a malformed HTTPS record", LAB_GOOD, OK YEAR,
     MOVED("https://record-malformed.lab.test/"), "https-record-void"},
    {"record-port.lab.test", "an HTTPS record for another port", LAB_GOOD, OK YEAR,
     MOVED("https://record-port.lab.test/"), "https-record-port"},
    {"record-address.lab.test", "an HTTPS record with another address", LAB_GOOD, OK YEAR,
     MOVED("https://record-address.lab.test/"), "https-record-address"},
    {"record-refused.lab.test", "REFUSED for HTTPS records", LAB_GOOD, OK YEAR,
     MOVED("https://record-refused.lab.test/"), "https-record-failed"},
    {"record-silent.lab.test", "no answer for HTTPS records", LAB_GOOD, OK YEAR,
     MOVED("https://record-silent.lab.test/"), "hsts-in-force"},
};

const size_t lab_recipe_count = sizeof lab_recipes / sizeof *lab_recipes;
