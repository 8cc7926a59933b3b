#include "tls/tls.h"

#include "tls/chain_order.h"
#include "tls/input.h"
#include "tls/sct.h"
#include "tls/ssl.h"
#include "tls/verify.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 4096
#define PATH_MAX_LENGTH 16  /* certificates of the path that is shown */
#define NAME_MAX_LENGTH 255 /* of a host in SNI */

typedef struct tls_stream {
    io_stream stream;
    io_stream *lower; /* NULL once it has been closed */
    SSL *ssl;
    tls_input input;
    BIO *out;                   /* owned by ssl */
    size_t unanswered;          /* octets received since the handshake began, or since it last gave data */
    const tls_options *options; /* of a client */
    tls_choose *choose;         /* of a server */
    void *choose_self;
    tls_verify_record record;
    char first[8]; /* the first octets the peer sent, to tell what they are when they are no TLS */
    size_t first_length;
    bool ready, ended;
    bool closed; /* nothing more is told */
    int busy;    /* calls of ours on the stack: the memory must outlive them */
} tls_stream;

static void free_if_idle(tls_stream *tls)
{
    if (!tls->closed || tls->busy > 0)
        return;
    SSL_free(tls->ssl);
    free(tls);
}

/* Sends down what OpenSSL has written. */
static void flush(tls_stream *tls)
{
    char chunk[CHUNK];
    int count;

    while (tls->lower != NULL && (count = BIO_read(tls->out, chunk, sizeof chunk)) > 0)
        io_stream_write(tls->lower, chunk, (size_t)count);
}

static void tell_end(tls_stream *tls, const facts_failure *failure)
{
    if (tls->ended || tls->closed)
        return;
    tls->ended = true;
    tls->stream.sink.end(tls->stream.sink.self, failure);
}

/* -- What went wrong ---------------------------------------------------------------------------------------------------------- */

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };

/* Answers that are no TLS at all are told from those that are bad TLS. */
static facts_code code_of_first(const tls_stream *tls)
{
    if (tls->first_length == 0 || tls->first[0] == RECORD_ALERT || tls->first[0] == RECORD_HANDSHAKE)
        return FACTS_FAILURE_TLS_BROKEN;
    return memcmp(tls->first, "HTTP/", 5) == 0 ? FACTS_FAILURE_TLS_PLAIN_HTTP : FACTS_FAILURE_TLS_NOT_TLS;
}

static facts_code code_of_alert(int alert)
{
    switch (alert) {
    case SSL_AD_PROTOCOL_VERSION:
        return FACTS_FAILURE_TLS_VERSION;
    case SSL_AD_UNRECOGNIZED_NAME:
        return FACTS_FAILURE_TLS_UNRECOGNIZED_NAME;
    default:
        return FACTS_FAILURE_TLS_ALERT;
    }
}

static facts_failure failure_of_alert(int alert)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_TLS, code_of_alert(alert), NULL);

    failure.alert = alert;
    snprintf(failure.detail, sizeof failure.detail, "alert %d, %s", alert, SSL_alert_desc_string_long(alert));
    return failure;
}

static facts_failure failure_of_error(const tls_stream *tls)
{
    char text[80];
    unsigned long error = tls_ssl_error(text, sizeof text);
    int reason = ERR_GET_REASON(error);
    facts_code code = tls->ready ? FACTS_FAILURE_CONNECTION_FAILED : code_of_first(tls);

    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET)
        return failure_of_alert(reason - SSL_AD_REASON_OFFSET);
    if (code == FACTS_FAILURE_TLS_BROKEN && reason == SSL_R_EXCESSIVE_MESSAGE_SIZE)
        code = FACTS_FAILURE_TLS_TOO_LONG;
    if (code == FACTS_FAILURE_TLS_BROKEN && (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_WRONG_SSL_VERSION))
        code = FACTS_FAILURE_TLS_VERSION;
    /* That what is no TLS has a wrong version number tells nobody anything. */
    return facts_failure_make(FACTS_PHASE_TLS, code,
                              code == FACTS_FAILURE_TLS_PLAIN_HTTP || code == FACTS_FAILURE_TLS_NOT_TLS ? NULL : text);
}

/* -- The handshake, and after ------------------------------------------------------------------------------------------------- */

static void fail(tls_stream *tls)
{
    facts_failure failure = failure_of_error(tls);

    flush(tls);
    tell_end(tls, &failure);
}

static bool wants_more(tls_stream *tls, int result)
{
    return SSL_get_error(tls->ssl, result) == SSL_ERROR_WANT_READ;
}

static void shake_hands(tls_stream *tls)
{
    int result;

    ERR_clear_error();
    result = SSL_do_handshake(tls->ssl);
    if (result != 1) {
        if (wants_more(tls, result))
            flush(tls);
        else
            fail(tls);
        return;
    }
    /* What the handshake leaves to be sent goes out with what is written now; read_all, which follows, sends it in any case. */
    tls->ready = true;
    tls->stream.sink.ready(tls->stream.sink.self);
}

static void read_all(tls_stream *tls)
{
    char chunk[CHUNK];

    while (!tls->closed && !tls->ended) {
        int count;

        ERR_clear_error();
        count = SSL_read(tls->ssl, chunk, sizeof chunk);
        if (count > 0) {
            tls->unanswered = 0;
            tls->stream.sink.data(tls->stream.sink.self, chunk, (size_t)count);
        } else if (SSL_get_error(tls->ssl, count) == SSL_ERROR_ZERO_RETURN)
            tell_end(tls, NULL);
        else if (wants_more(tls, count))
            break;
        else
            fail(tls);
    }
    if (!tls->closed)
        flush(tls);
}

static void on_data(void *self, const char *bytes, size_t length)
{
    tls_stream *tls = self;
    facts_failure too_long = facts_failure_make(FACTS_PHASE_TLS, FACTS_FAILURE_TLS_TOO_LONG, NULL);

    for (size_t i = 0; i < length && tls->first_length < sizeof tls->first; i++)
        tls->first[tls->first_length++] = bytes[i];
    tls->input = (tls_input){bytes, length};
    tls->unanswered += length;
    tls->busy++;
    if (tls->unanswered > TLS_OVERHEAD_MAX)
        tell_end(tls, &too_long);
    else if (!tls->ready && !tls->ended)
        shake_hands(tls);
    if (tls->ready)
        read_all(tls);
    tls->input.length = 0;
    tls->busy--;
    free_if_idle(tls);
}

static void on_end(void *self, const facts_failure *failure)
{
    tls_stream *tls = self;
    facts_failure closed = facts_failure_make(FACTS_PHASE_TLS, FACTS_FAILURE_TLS_CLOSED, NULL);

    tls->busy++;
    tell_end(tls, failure == NULL && !tls->ready ? &closed : failure);
    tls->busy--;
    free_if_idle(tls);
}

static void tls_write(io_stream *stream, const char *bytes, size_t length)
{
    tls_stream *tls = (tls_stream *)stream;

    /* The BIO below is memory: OpenSSL takes everything at once. A failure shows in reading too, and is told there. */
    ERR_clear_error();
    if (tls->ready && SSL_write(tls->ssl, bytes, (int)length) > 0)
        flush(tls);
}

static void say_goodbye(tls_stream *tls)
{
    ERR_clear_error();
    if (tls->ready && !tls->ended)
        SSL_shutdown(tls->ssl);
    flush(tls);
}

static void tls_finish(io_stream *stream)
{
    tls_stream *tls = (tls_stream *)stream;

    say_goodbye(tls);
    io_stream_finish(tls->lower);
    tls->lower = NULL;
    tls->closed = true;
    free_if_idle(tls);
}

static void tls_close(io_stream *stream)
{
    tls_stream *tls = (tls_stream *)stream;

    /* The connection is reset: a closing alert would not be read. */
    io_stream_close(tls->lower);
    tls->lower = NULL;
    tls->closed = true;
    free_if_idle(tls);
}

static const io_stream_ops tls_ops = {"tls", tls_write, tls_finish, tls_close};

/* -- Timestamps --------------------------------------------------------------------------------------------------------------- */

static int on_scts(SSL *ssl, unsigned type, unsigned context, const unsigned char *octets, size_t length, X509 *x509,
                   size_t place, int *alert, void *unused)
{
    tls_verify_record *record = SSL_get_app_data(ssl);

    (void)type, (void)context, (void)x509, (void)alert, (void)unused;
    if (place == 0)
        record->sct_count += tls_sct_count(octets, length);
    return 1;
}

void tls_ask_scts(SSL_CTX *context)
{
    SSL_CTX_add_custom_ext(context, TLSEXT_TYPE_signed_certificate_timestamp,
                           SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE, NULL, NULL,
                           NULL, on_scts, NULL);
}

/* -- Both ends ---------------------------------------------------------------------------------------------------------------- */

static tls_stream *tls_new(io_stream *lower, SSL_CTX *context, io_sink sink)
{
    tls_stream *tls = base_allocate(sizeof *tls);
    BIO *in;

    tls->stream.ops = &tls_ops;
    tls->stream.sink = sink;
    tls->lower = lower;
    lower->sink = (io_sink){.data = on_data, .end = on_end, .self = tls};
    tls->ssl = SSL_new(context);
    in = tls_input_bio(&tls->input);
    tls->out = BIO_new(BIO_s_mem());
    if (tls->ssl == NULL || in == NULL || tls->out == NULL)
        base_out_of_memory();
    SSL_set_bio(tls->ssl, in, tls->out);
    return tls;
}

/* A list of names, each behind its length (RFC 7301 3.1). */
static const char http2_http1[] = "\x02h2\x08http/1.1";

static void offer_protocols(SSL *ssl, tls_offer offer)
{
    const unsigned char *both = (const unsigned char *)http2_http1;

    if (offer == TLS_OFFER_HTTP1)
        SSL_set_alpn_protos(ssl, both + 3, 9);
    else
        SSL_set_alpn_protos(ssl, both, offer == TLS_OFFER_BOTH ? 12 : 3);
}

io_stream *tls_client(io_stream *lower, const tls_options *options, io_sink sink)
{
    tls_stream *tls = tls_new(lower, options->trust->context, sink);

    tls->options = options;
    SSL_set_app_data(tls->ssl, &tls->record);
    SSL_set_connect_state(tls->ssl);
    SSL_set_verify(tls->ssl, SSL_VERIFY_PEER, NULL);
    SSL_set_tlsext_status_type(tls->ssl, TLSEXT_STATUSTYPE_ocsp);
    if (options->lenient)
        tls_ssl_offer_all(tls->ssl);
    X509_VERIFY_PARAM_set_time(SSL_get0_param(tls->ssl), (time_t)options->at);
    if (!options->is_address && !options->nameless)
        SSL_set_tlsext_host_name(tls->ssl, options->host);
    offer_protocols(tls->ssl, options->offer);
    /* The first flight depends on nothing the peer could send, so nothing can be told from here. */
    SSL_do_handshake(tls->ssl);
    flush(tls);
    return &tls->stream;
}

/* RFC 6066 3: the first host_name of the ServerNameList. */
static const char *name_asked_for(SSL *ssl, char name[static NAME_MAX_LENGTH + 1])
{
    const unsigned char *at;
    size_t length, size;

    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &at, &length) != 1 || length < 5)
        return NULL;
    size = (size_t)at[3] << 8 | at[4];
    if (size > length - 5 || size > NAME_MAX_LENGTH)
        return NULL;
    memcpy(name, at + 5, size);
    name[size] = '\0';
    return name;
}

/* Before the version is agreed on, for hosts differ in the versions that they speak. */
static int choose_certificate(SSL *ssl, int *alert, void *unused)
{
    const tls_stream *tls = SSL_get_app_data(ssl);
    char name[NAME_MAX_LENGTH + 1];
    const tls_identity *identity = tls->choose(tls->choose_self, name_asked_for(ssl, name));

    (void)alert;
    (void)unused;
    SSL_set_min_proto_version(ssl, TLS1_VERSION);
    SSL_set_max_proto_version(ssl, identity->max_version);
    return SSL_set_SSL_CTX(ssl, identity->context) != NULL ? SSL_CLIENT_HELLO_SUCCESS : SSL_CLIENT_HELLO_ERROR;
}

static int choose_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *length, const unsigned char *offered,
                           unsigned offered_length, void *unused)
{
    (void)ssl;
    (void)unused;
    if (SSL_select_next_proto((unsigned char **)chosen, length, (const unsigned char *)http2_http1,
                              sizeof http2_http1 - 1, offered, offered_length) == OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_OK;
    return SSL_TLSEXT_ERR_NOACK;
}

void tls_identity_speak_http2(tls_identity *identity)
{
    SSL_CTX_set_alpn_select_cb(identity->context, choose_protocol, NULL);
}

io_stream *tls_server(io_stream *lower, tls_choose *choose, void *self, io_sink sink)
{
    SSL_CTX *context = choose(self, NULL)->context;
    tls_stream *tls = tls_new(lower, context, sink);

    tls->choose = choose;
    tls->choose_self = self;
    SSL_set_app_data(tls->ssl, tls);
    SSL_CTX_set_client_hello_cb(context, choose_certificate, NULL);
    SSL_set_accept_state(tls->ssl);
    return &tls->stream;
}

/* -- The report --------------------------------------------------------------------------------------------------------------- */

static X509 *leaf_of(const tls_stream *tls)
{
    return SSL_get0_peer_certificate(tls->ssl);
}

static void read_brief(const tls_stream *tls, base_arena *arena, tls_report *report)
{
    X509 *leaf = leaf_of(tls);

    if (leaf == NULL)
        return;
    report->certificates = base_arena_take(arena, sizeof *report->certificates);
    report->certificate_count = 1;
    tls_certificate_read_leaf_only(leaf, arena, report->certificates);
}

static void read_certificates(const tls_stream *tls, base_arena *arena, tls_report *report)
{
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(tls->ssl);
    const char *places[TLS_CHAIN_PLACES_MAX];
    int count = sk_X509_num(sent); /* -1 for none */

    if (count <= 0)
        return;
    report->certificates = base_arena_take(arena, (size_t)count * sizeof *report->certificates);
    report->certificate_count = (size_t)count;
    tls_chain_places(sent, places, (size_t)count);
    for (int i = 0; i < count; i++) {
        tls_certificate_read(sk_X509_value(sent, i), arena, &report->certificates[i]);
        report->certificates[i].place = i < TLS_CHAIN_PLACES_MAX ? places[i] : NULL;
    }
}

/* -- The path ----------------------------------------------------------------------------------------------------------------- */

static int place_among_sent(const tls_stream *tls, const X509 *x509)
{
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(tls->ssl);

    for (int i = 0; i < sk_X509_num(sent); i++)
        if (X509_cmp(sk_X509_value(sent, i), x509) == 0)
            return i;
    return -1;
}

static tls_link link_of(const tls_stream *tls, X509 *x509, base_arena *arena)
{
    tls_certificate certificate;

    tls_certificate_read(x509, arena, &certificate);
    return (tls_link){.subject = certificate.subject,
                      .fingerprint = certificate.fingerprint,
                      .not_after = certificate.not_after,
                      .sent = place_among_sent(tls, x509),
                      .self_issued = certificate.self_issued};
}

/* OpenSSL stops at the first certificate that is trusted. If that is no root, and the root is in the store too, the path goes on: it
 * shows then that the server left out what lies between. */
static void climb(const tls_stream *tls, STACK_OF(X509) * path)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509 *last, *issuer;
    X509_STORE *store = SSL_CTX_get_cert_store(tls->options->trust->context);

    if (context == NULL || X509_STORE_CTX_init(context, store, NULL, NULL) != 1)
        base_out_of_memory();
    while (sk_X509_num(path) < PATH_MAX_LENGTH) {
        last = sk_X509_value(path, sk_X509_num(path) - 1);
        if (X509_NAME_cmp(X509_get_subject_name(last), X509_get_issuer_name(last)) == 0 ||
            X509_STORE_CTX_get1_issuer(&issuer, context, last) != 1)
            break;
        if (sk_X509_push(path, issuer) == 0)
            base_out_of_memory();
    }
    X509_STORE_CTX_free(context);
}

static void read_path(const tls_stream *tls, base_arena *arena, tls_report *report)
{
    STACK_OF(X509) *verified = SSL_get0_verified_chain(tls->ssl), *path;
    const tls_trust_store *trust = tls->options->trust;
    bool anchored = tls_verify_is_anchored(&tls->record);

    if (sk_X509_num(verified) <= 0)
        return;
    path = X509_chain_up_ref(verified);
    if (path == NULL)
        base_out_of_memory();
    if (anchored)
        climb(tls, path);
    report->path_count = (size_t)sk_X509_num(path);
    report->path = base_arena_take(arena, report->path_count * sizeof *report->path);
    for (size_t i = 0; i < report->path_count; i++)
        report->path[i] = link_of(tls, sk_X509_value(path, (int)i), arena);
    if (anchored && tls_trust_store_knows_public(trust))
        report->root =
            tls_trust_store_is_public(trust, sk_X509_value(path, (int)report->path_count - 1)) ? "public" : "local";
    sk_X509_pop_free(path, X509_free);
}

static X509 *issuer_of(const tls_stream *tls)
{
    STACK_OF(X509) *path = SSL_get0_verified_chain(tls->ssl);
    X509 *leaf = leaf_of(tls);

    if (sk_X509_num(path) > 1)
        return sk_X509_value(path, 1);
    return X509_check_issued(leaf, leaf) == X509_V_OK ? leaf : NULL;
}

/* -- The errors --------------------------------------------------------------------------------------------------------------- */

static tls_error *errors_of(const tls_verify_record *record, base_arena *arena)
{
    tls_error *errors = base_arena_take(arena, record->count * sizeof *errors);

    for (size_t i = 0; i < record->count; i++) {
        const tls_verify_error *error = &record->errors[i];

        errors[i] = (tls_error){error->code, tls_verify_text(error->number), error->number, error->depth, error->sent};
    }
    return errors;
}

static void read_verdicts(const tls_stream *tls, base_arena *arena, tls_report *report)
{
    const tls_trust_store *trust = tls->options->trust;

    report->verdicts = base_arena_take(arena, trust->store_count * sizeof *report->verdicts);
    for (size_t i = 0; i < trust->store_count; i++) {
        tls_verify_record record = {0};

        if (tls_verify_with(trust->stores[i].store, leaf_of(tls), SSL_get_peer_cert_chain(tls->ssl), tls->options->at,
                            &record))
            report->verdicts[report->verdict_count++] =
                (tls_verdict){base_arena_string(arena, trust->stores[i].name), errors_of(&record, arena), record.count};
    }
}

static void read_staple(tls_stream *tls, base_arena *arena, tls_report *report)
{
    const unsigned char *octets;
    long length = SSL_get_tlsext_status_ocsp_resp(tls->ssl, &octets);
    tls_staple *staple;

    if (length <= 0)
        return;
    staple = base_arena_take(arena, sizeof *staple);
    tls_staple_read(octets, (size_t)length, leaf_of(tls), issuer_of(tls), tls->options->at, arena, staple);
    report->staple = staple;
    /* RFC 6960 2.2: "once revoked" it stays so, however old the answer is; but only its signer can say it. */
    if (staple->status != NULL && strcmp(staple->status, "revoked") == 0 &&
        (staple->problem == NULL || strcmp(staple->problem, "expired") == 0))
        tls_verify_add(&tls->record, X509_V_ERR_CERT_REVOKED, 0, 0);
}

/* What browsers would not have agreed to: they would have got no connection. */
static const char *refusal_of(const tls_stream *tls)
{
    const char *cipher = SSL_get_cipher_name(tls->ssl), *found = strstr(tls_ssl_browser_ciphers, cipher);
    int version = SSL_version(tls->ssl), digest = NID_undef, group = (int)SSL_get_negotiated_group(tls->ssl);

    if (version < TLS1_2_VERSION)
        return "old-version";
    if (version < TLS1_3_VERSION &&
        (found == NULL || (found != tls_ssl_browser_ciphers && found[-1] != ':') || found[strlen(cipher)] > ':'))
        return "no-common-cipher";
    if (group != NID_undef && group != NID_X25519 && group != NID_X9_62_prime256v1 && group != NID_secp384r1 &&
        group != NID_secp521r1)
        return "no-common-group";
    SSL_get_peer_signature_nid(tls->ssl, &digest);
    return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512 ? NULL : "no-common-signature";
}

static void add_refusal(const tls_stream *tls, base_arena *arena, tls_report *report)
{
    const char *code = tls->ready && tls->options->lenient ? refusal_of(tls) : NULL;
    tls_error *errors;

    if (code == NULL)
        return;
    errors = base_arena_take(arena, (report->error_count + 1) * sizeof *errors);
    errors[0] = (tls_error){code,
                            base_arena_format(arena, "it came about with %s and %s, which is not what browsers offer",
                                              SSL_get_version(tls->ssl), SSL_get_cipher_name(tls->ssl)),
                            0, -1, -1};
    memcpy(errors + 1, report->errors, report->error_count * sizeof *errors);
    report->errors = errors;
    report->error_count++;
}

static const char *group_of(const tls_stream *tls, base_arena *arena)
{
    int nid = (int)SSL_get_negotiated_group(tls->ssl);

    if (nid <= 0)
        return NULL;
    return (nid & TLSEXT_nid_unknown) == 0 ? base_arena_string(arena, OBJ_nid2sn(nid))
                                           : base_arena_format(arena, "0x%04x", (unsigned)nid & 0xffffu);
}

static void read_handshake(const tls_stream *tls, base_arena *arena, tls_report *report)
{
    const unsigned char *alpn;
    unsigned length;

    report->established = true;
    report->version = base_arena_string(arena, SSL_get_version(tls->ssl));
    report->cipher = base_arena_string(arena, SSL_get_cipher_name(tls->ssl));
    report->group = group_of(tls, arena);
    SSL_get0_alpn_selected(tls->ssl, &alpn, &length);
    if (length > 0)
        report->alpn = base_arena_copy(arena, alpn, length);
}

tls_protocol tls_agreed(io_stream *stream)
{
    const unsigned char *name;
    unsigned length;

    SSL_get0_alpn_selected(((tls_stream *)stream)->ssl, &name, &length);
    if (length == 0)
        return TLS_AGREED_NOTHING;
    if (length == 2 && memcmp(name, "h2", 2) == 0)
        return TLS_AGREED_HTTP2;
    return length == 8 && memcmp(name, "http/1.1", 8) == 0 ? TLS_AGREED_HTTP1 : TLS_AGREED_OTHER;
}

/* RFC 9113 9.2.2: "A deployment of HTTP/2 over TLS 1.2 SHOULD NOT use any of the prohibited cipher suites listed in Appendix A",
   which are those without an ephemeral key exchange or without AEAD. */
bool tls_suits_http2(io_stream *stream)
{
    const SSL *ssl = ((tls_stream *)stream)->ssl;
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    int exchange = cipher != NULL ? SSL_CIPHER_get_kx_nid(cipher) : NID_undef;

    if (SSL_version(ssl) >= TLS1_3_VERSION)
        return true;
    return SSL_version(ssl) == TLS1_2_VERSION && cipher != NULL && SSL_CIPHER_is_aead(cipher) == 1 &&
           (exchange == NID_kx_ecdhe || exchange == NID_kx_dhe);
}

void tls_report_read(io_stream *stream, base_arena *arena, tls_report *report)
{
    tls_stream *tls = (tls_stream *)stream;
    X509 *leaf = leaf_of(tls);

    memset(report, 0, sizeof *report);
    if (tls->ready)
        read_handshake(tls, arena, report);
    if (leaf != NULL) {
        read_staple(tls, arena, report);
        tls_verify_host(leaf, tls->options->host, tls->options->is_address, &tls->record);
    }
    report->errors = errors_of(&tls->record, arena);
    report->error_count = tls->record.count;
    report->sct_count = tls->record.sct_count;
    add_refusal(tls, arena, report);
    if (tls->options->brief && report->error_count == 0) {
        read_brief(tls, arena, report);
    } else if (leaf != NULL) {
        read_certificates(tls, arena, report);
        read_path(tls, arena, report);
        read_verdicts(tls, arena, report);
    }
    ERR_clear_error();
}
