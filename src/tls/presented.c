#include "tls/presented.h"

#include "tls/path.h"
#include "tls/report.h"
#include "tls/ssl.h"

#include <openssl/err.h>

/* What takes the place of a handshake. */
typedef struct showing {
    tls_options options;
    tls_verify_record record;
    tls_handshake handshake;
} showing;

static void show(const tls_presented *presented, showing *s)
{
    STACK_OF(X509) *sent = tls_certificates_stack(presented->certificates);
    X509_STORE *store = SSL_CTX_get_cert_store(presented->trust->context);

    s->options = (tls_options){
        .trust = presented->trust, .host = presented->host, .is_address = presented->is_address, .now = presented->now};
    s->handshake =
        (tls_handshake){.leaf = sk_X509_value(sent, 0), .sent = sent, .options = &s->options, .record = &s->record};
    s->handshake.verified = tls_path_take(store, s->handshake.leaf, sent, presented->now, &s->record);
}

static void show_done(showing *s)
{
    sk_X509_pop_free(s->handshake.verified, X509_free);
    ERR_clear_error();
}

void tls_presented_judge(const tls_presented *presented, base_arena *arena, facts_tls *facts)
{
    showing s = {0};

    show(presented, &s);
    tls_report_make(&s.handshake, arena, facts);
    show_done(&s);
}

static bool is_root(X509 *x509)
{
    return X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
}

tls_certificates *tls_presented_mend(const tls_presented *presented)
{
    tls_certificates *mended = NULL;
    showing s = {0};

    STACK_OF(X509) *path = NULL;

    show(presented, &s);
    if (tls_verify_is_anchored(&s.record))
        path = tls_report_path(&s.handshake);
    if (path != NULL)
        mended = tls_certificates_new();
    for (int i = 0; i < sk_X509_num(path); i++)
        if (i == 0 || i + 1 < sk_X509_num(path) || !is_root(sk_X509_value(path, i)))
            tls_certificates_add_x509(mended, sk_X509_value(path, i));
    sk_X509_pop_free(path, X509_free);
    show_done(&s);
    return mended;
}
