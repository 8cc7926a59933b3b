#include "net/tls.h"

#include "net/ssl.h"
#include "net/tls_input.h"
#include "net/verify.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 4096

typedef struct net_tls {
    net_stream stream;
    net_stream *lower; /* NULL once it has been closed */
    SSL *ssl;
    net_tls_input input;
    BIO *out;                       /* owned by ssl */
    size_t unanswered;              /* octets received since the handshake began, or since it last gave data */
    const net_tls_options *options; /* of a client */
    net_tls_choose *choose;         /* of a server */
    void *choose_self;
    net_verify_record record;
    char first[8]; /* the first octets the peer sent, to tell what they are when they are no TLS */
    size_t first_length;
    bool ready, ended;
    bool closed; /* nothing more is told */
    int busy;    /* calls of ours on the stack: the memory must outlive them */
} net_tls;

static void free_if_idle(net_tls *tls)
{
    if (!tls->closed || tls->busy > 0)
        return;
    SSL_free(tls->ssl);
    free(tls);
}

/* Sends down what OpenSSL has written. */
static void flush(net_tls *tls)
{
    char chunk[CHUNK];
    int count;

    while (tls->lower != NULL && (count = BIO_read(tls->out, chunk, sizeof chunk)) > 0)
        net_stream_write(tls->lower, chunk, (size_t)count);
}

static void tell_end(net_tls *tls, const net_failure *failure)
{
    if (tls->ended || tls->closed)
        return;
    tls->ended = true;
    tls->stream.sink.end(tls->stream.sink.self, failure);
}

/* -- What went wrong ---------------------------------------------------------------------------------------------------------- */

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };

/* Answers that are no TLS at all are told from those that are bad TLS. */
static net_code code_of_first(const net_tls *tls)
{
    if (tls->first_length == 0 || tls->first[0] == RECORD_ALERT || tls->first[0] == RECORD_HANDSHAKE)
        return NET_TLS_BROKEN;
    return memcmp(tls->first, "HTTP/", 5) == 0 ? NET_TLS_PLAIN_HTTP : NET_TLS_NOT_TLS;
}

static net_failure failure_of_alert(int alert)
{
    char detail[96];

    snprintf(detail, sizeof detail, "alert %d, %s", alert, SSL_alert_desc_string_long(alert));
    return net_failure_make(NET_PHASE_TLS, alert == SSL_AD_PROTOCOL_VERSION ? NET_TLS_VERSION : NET_TLS_ALERT, detail);
}

static net_failure failure_of_error(const net_tls *tls)
{
    char text[80];
    unsigned long error = net_ssl_error(text, sizeof text);
    int reason = ERR_GET_REASON(error);
    net_code code = tls->ready ? NET_CONNECTION_FAILED : code_of_first(tls);

    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET)
        return failure_of_alert(reason - SSL_AD_REASON_OFFSET);
    if (code == NET_TLS_BROKEN && reason == SSL_R_EXCESSIVE_MESSAGE_SIZE)
        code = NET_TLS_TOO_LONG;
    if (code == NET_TLS_BROKEN && (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_WRONG_SSL_VERSION))
        code = NET_TLS_VERSION;
    /* That what is no TLS has a wrong version number tells nobody anything. */
    return net_failure_make(NET_PHASE_TLS, code, code == NET_TLS_PLAIN_HTTP || code == NET_TLS_NOT_TLS ? NULL : text);
}

/* -- The handshake, and after ------------------------------------------------------------------------------------------------- */

static void fail(net_tls *tls)
{
    net_failure failure = failure_of_error(tls);

    flush(tls);
    tell_end(tls, &failure);
}

static bool wants_more(net_tls *tls, int result)
{
    return SSL_get_error(tls->ssl, result) == SSL_ERROR_WANT_READ;
}

static void shake_hands(net_tls *tls)
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

static void read_all(net_tls *tls)
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
    net_tls *tls = self;
    net_failure too_long = net_failure_make(NET_PHASE_TLS, NET_TLS_TOO_LONG, NULL);

    for (size_t i = 0; i < length && tls->first_length < sizeof tls->first; i++)
        tls->first[tls->first_length++] = bytes[i];
    tls->input = (net_tls_input){bytes, length};
    tls->unanswered += length;
    tls->busy++;
    if (tls->unanswered > NET_TLS_OVERHEAD_MAX)
        tell_end(tls, &too_long);
    else if (!tls->ready && !tls->ended)
        shake_hands(tls);
    if (tls->ready)
        read_all(tls);
    tls->input.length = 0;
    tls->busy--;
    free_if_idle(tls);
}

static void on_end(void *self, const net_failure *failure)
{
    net_tls *tls = self;
    net_failure closed = net_failure_make(NET_PHASE_TLS, NET_TLS_CLOSED, NULL);

    tls->busy++;
    tell_end(tls, failure == NULL && !tls->ready ? &closed : failure);
    tls->busy--;
    free_if_idle(tls);
}

static void tls_write(net_stream *stream, const char *bytes, size_t length)
{
    net_tls *tls = (net_tls *)stream;

    /* The BIO below is memory: OpenSSL takes everything at once. A failure shows in reading too, and is told there. */
    ERR_clear_error();
    if (tls->ready && SSL_write(tls->ssl, bytes, (int)length) > 0)
        flush(tls);
}

static void say_goodbye(net_tls *tls)
{
    ERR_clear_error();
    if (tls->ready && !tls->ended)
        SSL_shutdown(tls->ssl);
    flush(tls);
}

static void tls_finish(net_stream *stream)
{
    net_tls *tls = (net_tls *)stream;

    say_goodbye(tls);
    net_stream_finish(tls->lower);
    tls->lower = NULL;
    tls->closed = true;
    free_if_idle(tls);
}

static void tls_close(net_stream *stream)
{
    net_tls *tls = (net_tls *)stream;

    /* The connection is reset: a closing alert would not be read. */
    net_stream_close(tls->lower);
    tls->lower = NULL;
    tls->closed = true;
    free_if_idle(tls);
}

static const net_stream_ops tls_ops = {"tls", tls_write, tls_finish, tls_close};

/* -- Both ends ---------------------------------------------------------------------------------------------------------------- */

static net_tls *tls_new(net_stream *lower, SSL_CTX *context, net_sink sink)
{
    net_tls *tls = base_allocate(sizeof *tls);
    BIO *in;

    tls->stream.ops = &tls_ops;
    tls->stream.sink = sink;
    tls->lower = lower;
    lower->sink = (net_sink){.data = on_data, .end = on_end, .self = tls};
    tls->ssl = SSL_new(context);
    in = net_tls_input_bio(&tls->input);
    tls->out = BIO_new(BIO_s_mem());
    if (tls->ssl == NULL || in == NULL || tls->out == NULL)
        base_out_of_memory();
    SSL_set_bio(tls->ssl, in, tls->out);
    SSL_set_app_data(tls->ssl, &tls->record);
    return tls;
}

net_stream *net_tls_client(net_stream *lower, const net_tls_options *options, net_sink sink)
{
    net_tls *tls = tls_new(lower, options->trust->context, sink);

    tls->options = options;
    SSL_set_connect_state(tls->ssl);
    SSL_set_verify(tls->ssl, SSL_VERIFY_PEER, net_verify_callback);
    X509_VERIFY_PARAM_set_time(SSL_get0_param(tls->ssl), (time_t)options->at);
    if (!options->is_address && !options->nameless)
        SSL_set_tlsext_host_name(tls->ssl, options->host);
    /* The first flight depends on nothing the peer could send, so nothing can be told from here. */
    SSL_do_handshake(tls->ssl);
    flush(tls);
    return &tls->stream;
}

static int choose_certificate(SSL *ssl, void *self)
{
    const net_tls *tls = self;
    const net_tls_identity *identity =
        tls->choose(tls->choose_self, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));

    return SSL_set_SSL_CTX(ssl, identity->context) != NULL;
}

net_stream *net_tls_server(net_stream *lower, net_tls_choose *choose, void *self, net_sink sink)
{
    net_tls *tls = tls_new(lower, choose(self, NULL)->context, sink);

    tls->choose = choose;
    tls->choose_self = self;
    SSL_set_accept_state(tls->ssl);
    SSL_set_cert_cb(tls->ssl, choose_certificate, tls);
    return &tls->stream;
}

/* -- The report --------------------------------------------------------------------------------------------------------------- */

static void read_certificates(const net_tls *tls, base_arena *arena, net_tls_report *report)
{
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(tls->ssl);
    int count = sk_X509_num(sent); /* -1 for none */

    if (count <= 0)
        return;
    report->certificates = base_arena_take(arena, (size_t)count * sizeof *report->certificates);
    report->certificate_count = (size_t)count;
    for (int i = 0; i < count; i++)
        net_certificate_read(sk_X509_value(sent, i), arena, &report->certificates[i]);
}

static void read_errors(net_tls *tls, base_arena *arena, net_tls_report *report)
{
    X509 *leaf = SSL_get0_peer_certificate(tls->ssl);

    if (leaf != NULL)
        net_verify_host(leaf, tls->options->host, tls->options->is_address, &tls->record);
    report->error_count = tls->record.count;
    report->errors = base_arena_take(arena, tls->record.count * sizeof *report->errors);
    for (size_t i = 0; i < tls->record.count; i++) {
        const net_verify_error *error = &tls->record.errors[i];

        report->errors[i] =
            (net_tls_error){error->code, net_verify_text(error->number), error->number, error->depth, error->sent};
    }
}

void net_tls_report_read(net_stream *stream, base_arena *arena, net_tls_report *report)
{
    net_tls *tls = (net_tls *)stream;
    const unsigned char *alpn;
    unsigned alpn_length;

    memset(report, 0, sizeof *report);
    report->established = tls->ready;
    read_certificates(tls, arena, report);
    read_errors(tls, arena, report);
    if (!tls->ready)
        return;
    report->version = base_arena_string(arena, SSL_get_version(tls->ssl));
    report->cipher = base_arena_string(arena, SSL_get_cipher_name(tls->ssl));
    SSL_get0_alpn_selected(tls->ssl, &alpn, &alpn_length);
    if (alpn_length > 0)
        report->alpn = base_arena_copy(arena, alpn, alpn_length);
}
