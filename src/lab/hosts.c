#include "lab/hosts.h"

#define STS "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"

/* A host is a line: name, fault, certificate, header fields, what a check must find. */
const lab_recipe lab_recipes[] = {
    {"good.lab.test", "none", LAB_GOOD, STS, "hsts-in-force"},
    {"no-header.lab.test", "no STS field", LAB_GOOD, "", "hsts-missing"},
    {"expired.lab.test", "expired certificate", LAB_EXPIRED, STS, "cert-expired"},
    {"wrong-name.lab.test", "certificate for another name", LAB_WRONG_NAME, STS, "cert-wrong-name"},
    {"self-signed.lab.test", "self-signed certificate", LAB_SELF_SIGNED, STS, "cert-self-signed"},
};

const size_t lab_recipe_count = sizeof lab_recipes / sizeof *lab_recipes;
