#include "tls/waiting.h"

#include "tls/openssl_provider.h"

#include "base/memory.h"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <pthread.h>
#include <stdbool.h>

static X509_LOOKUP_METHOD *method;

static void free_all(STACK_OF(X509_INFO) * infos)
{
    sk_X509_INFO_pop_free(infos, X509_INFO_free);
}

/* The same certificate, with its key and, of a trusted one, what it is trusted for. */
static X509 *ready(X509 *waiting)
{
    X509 *x509 = X509_new_ex(tls_openssl_context(), NULL);
    unsigned char *der = NULL;
    int length = i2d_X509_AUX(waiting, &der);
    const unsigned char *at = der;

    if (x509 == NULL || length <= 0 || d2i_X509_AUX(&x509, &at, length) == NULL)
        base_out_of_memory();
    OPENSSL_free(der);
    return x509;
}

/* The store keeps all of that name, and asks no more. */
static int find_by_subject(X509_LOOKUP *lookup, X509_LOOKUP_TYPE type, const X509_NAME *name, X509_OBJECT *found)
{
    const STACK_OF(X509_INFO) *infos = X509_LOOKUP_get_method_data(lookup);
    bool any = false;

    for (int i = 0; type == X509_LU_X509 && i < sk_X509_INFO_num(infos); i++) {
        const X509_INFO *info = sk_X509_INFO_value(infos, i);
        X509 *x509;

        if (info->x509 == NULL || X509_NAME_cmp(X509_get_subject_name(info->x509), name) != 0)
            continue;
        x509 = ready(info->x509);
        if (X509_STORE_add_cert(X509_LOOKUP_get_store(lookup), x509) != 1)
            base_out_of_memory();
        /* X509_LOOKUP_meth_new(3): the one who asks holds "one too many references", so one is given up here. */
        if (!any && X509_OBJECT_set1_X509(found, x509) == 1)
            X509_free(x509);
        any = true;
        X509_free(x509);
    }
    return any;
}

static void forget(X509_LOOKUP *lookup)
{
    free_all(X509_LOOKUP_get_method_data(lookup));
}

static void make_method(void)
{
    method = X509_LOOKUP_meth_new("certificates that wait");
    if (method == NULL || X509_LOOKUP_meth_set_get_by_subject(method, find_by_subject) != 1 ||
        X509_LOOKUP_meth_set_free(method, forget) != 1)
        base_out_of_memory();
}

/* A list of revoked ones is looked for by its issuer, and only among those that the store has. */
static int add_lists(X509_STORE *store, const STACK_OF(X509_INFO) * infos)
{
    int count = 0;

    for (int i = 0; i < sk_X509_INFO_num(infos); i++) {
        X509_CRL *list = sk_X509_INFO_value(infos, i)->crl;

        count += list != NULL && X509_STORE_add_crl(store, list) == 1;
    }
    return count;
}

int tls_waiting_add(X509_STORE *store, BIO *bio)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    STACK_OF(X509_INFO) *infos = PEM_X509_INFO_read_bio_ex(bio, NULL, NULL, NULL, tls_openssl_keyless(), NULL);
    X509_LOOKUP *lookup;
    int count;

    if (infos == NULL)
        return -1;
    pthread_once(&once, make_method);
    lookup = X509_STORE_add_lookup(store, method);
    if (lookup == NULL || X509_LOOKUP_set_method_data(lookup, infos) != 1)
        base_out_of_memory();
    count = add_lists(store, infos);
    for (int i = 0; i < sk_X509_INFO_num(infos); i++)
        count += sk_X509_INFO_value(infos, i)->x509 != NULL;
    return count;
}
