#include "tls/tls.h"

#include "tls/hello.h"
#include "tls/input.h"
#include "tls/report.h"
#include "tls/ssl.h"

#include "io/replay.h"

#include "base/unzeroed.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 4096
#define RECORD_MAX                                                                                                     \
    16384 /* octets of data in a record (RFC 8446 5.1), and as much is encrypted before it is sent down */
#define RECORD_OVERHEAD 512

typedef struct tls_stream {
    io_stream stream;
    io_stream *lower; /* NULL once it has been closed or left */
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
    io_replay replay;
    io_timer *timer; /* goes on after a pause, and reports what was given back; NULL: not needed yet */
    bool ready, held, finished;
    bool ended, failed;
    bool closed; /* nothing more is reported */
    int busy;    /* calls of ours on the stack: the memory must outlive them */
} tls_stream;

static void free_if_idle(tls_stream *tls)
{
    if (!tls->closed || tls->busy > 0)
        return;
    SSL_free(tls->ssl);
    io_timer_free(tls->timer);
    io_replay_done(&tls->replay);
    free(tls);
}

/* Sends down what OpenSSL has written. */
static void flush(tls_stream *tls)
{
    BASE_UNZEROED char chunk[RECORD_MAX + RECORD_OVERHEAD];
    int count;

    while (tls->lower != NULL && (count = BIO_read(tls->out, chunk, sizeof chunk)) > 0)
        io_stream_write(tls->lower, chunk, (size_t)count);
}

static void tell_end(tls_stream *tls, const facts_failure *failure)
{
    if (tls->closed || tls->failed || (tls->ended && failure == NULL))
        return;
    tls->ended = true;
    tls->failed = failure != NULL;
    tls->stream.sink.end(tls->stream.sink.self, failure);
}

/* -- What went wrong ----------------------------------------------------------------------------------------------- */

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };

/* Answers that are no TLS at all are told from those that are bad TLS. */
static facts_code code_of_first(const tls_stream *tls)
{
    if (tls->first_length == 0 || tls->first[0] == RECORD_ALERT || tls->first[0] == RECORD_HANDSHAKE)
        return FACTS_FAILURE_TLS_BROKEN;
    return memcmp(tls->first, "HTTP/", 5) == 0 ? FACTS_FAILURE_TLS_PLAIN_HTTP : FACTS_FAILURE_TLS_NOT_TLS;
}

/* What servers say who get no certificate, or not the right one. */
static bool is_about_certificate(int alert)
{
    return alert == SSL_AD_HANDSHAKE_FAILURE ||
           (alert >= SSL_AD_BAD_CERTIFICATE && alert <= SSL_AD_CERTIFICATE_UNKNOWN) || alert == SSL_AD_UNKNOWN_CA ||
           alert == SSL_AD_ACCESS_DENIED || alert == FACTS_ALERT_CERTIFICATE_REQUIRED;
}

static facts_code code_of_alert(const tls_stream *tls, int alert)
{
    if (tls->record.asks_certificate && is_about_certificate(alert))
        return FACTS_FAILURE_CLIENT_CERTIFICATE;
    switch (alert) {
    case SSL_AD_PROTOCOL_VERSION:
        return FACTS_FAILURE_TLS_VERSION;
    case SSL_AD_UNRECOGNIZED_NAME:
        return FACTS_FAILURE_TLS_UNRECOGNIZED_NAME;
    default:
        return FACTS_FAILURE_TLS_ALERT;
    }
}

/* OpenSSL 3.0 has no words for these two. */
static const char *alert_text(int alert)
{
    return alert == FACTS_ALERT_CERTIFICATE_REQUIRED      ? "certificate required"
           : alert == FACTS_ALERT_NO_APPLICATION_PROTOCOL ? "no application protocol"
                                                          : SSL_alert_desc_string_long(alert);
}

static facts_failure failure_of_alert(const tls_stream *tls, int alert)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_TLS, code_of_alert(tls, alert), NULL);

    failure.alert = alert;
    snprintf(failure.detail, sizeof failure.detail, "alert %d, %s", alert, alert_text(alert));
    return failure;
}

static facts_failure failure_of_error(const tls_stream *tls)
{
    char text[80];
    unsigned long error = tls_ssl_error(text, sizeof text);
    int reason = ERR_GET_REASON(error);
    facts_code code = tls->ready ? FACTS_FAILURE_CONNECTION_FAILED : code_of_first(tls);

    if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET)
        return failure_of_alert(tls, reason - SSL_AD_REASON_OFFSET);
    if (code == FACTS_FAILURE_TLS_BROKEN && reason == SSL_R_EXCESSIVE_MESSAGE_SIZE)
        code = FACTS_FAILURE_TLS_TOO_LONG;
    if (code == FACTS_FAILURE_TLS_BROKEN && (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_WRONG_SSL_VERSION))
        code = FACTS_FAILURE_TLS_VERSION;
    /* That what is no TLS has a wrong version number tells nobody anything. */
    return facts_failure_make(FACTS_PHASE_TLS, code,
                              code == FACTS_FAILURE_TLS_PLAIN_HTTP || code == FACTS_FAILURE_TLS_NOT_TLS ? NULL : text);
}

/* -- The handshake, and after -------------------------------------------------------------------------------------- */

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

static bool count(const tls_stream *tls, bool after, facts_failure *failure)
{
    return tls->options == NULL || tls->options->count == NULL ||
           tls->options->count(tls->options->count_self, after, failure);
}

static void shake_hands(tls_stream *tls)
{
    facts_failure failure;
    int result;

    ERR_clear_error();
    count(tls, false, &failure);
    result = SSL_do_handshake(tls->ssl);
    if (!count(tls, true, &failure)) {
        tell_end(tls, &failure);
        return;
    }
    if (result != 1) {
        if (wants_more(tls, result))
            flush(tls);
        else
            fail(tls);
        return;
    }
    /* What the handshake leaves to be sent goes out with what is written now; read_all, which follows, sends it in any
       case. */
    tls->ready = true;
    tls->stream.sink.ready(tls->stream.sink.self);
}

static bool is_held(const tls_stream *tls)
{
    return tls->held || tls->replay.due;
}

/* What is not read now is left to the stream below, which reports it again when it goes on. */
static void hold_lower(tls_stream *tls)
{
    if (tls->lower == NULL)
        return;
    io_stream_pause(tls->lower);
    if (tls->input.length > 0)
        io_stream_unread(tls->lower, tls->input.bytes, tls->input.length);
    tls->unanswered -= tls->input.length < tls->unanswered ? tls->input.length : tls->unanswered;
    tls->input.length = 0;
}

static void read_all(tls_stream *tls)
{
    BASE_UNZEROED char chunk[CHUNK];

    while (!tls->closed && !tls->ended && !is_held(tls)) {
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
    if (!tls->closed && is_held(tls))
        hold_lower(tls);
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

static void on_drained(void *self)
{
    tls_stream *tls = self;

    tls->busy++;
    if (tls->ready && !tls->closed && tls->stream.sink.drained != NULL)
        tls->stream.sink.drained(tls->stream.sink.self);
    tls->busy--;
    free_if_idle(tls);
}

/* After a pause: what was given back, what OpenSSL has decrypted already, and then whatever comes. */
static void go_on(void *self)
{
    tls_stream *tls = self;

    tls->busy++;
    if (!tls->failed)
        io_replay_report(&tls->replay, &tls->stream, tls->ended, &tls->held, &tls->closed);
    if (!tls->closed && !is_held(tls)) {
        read_all(tls);
        if (!tls->closed && !is_held(tls))
            io_stream_resume(tls->lower);
    }
    tls->busy--;
    free_if_idle(tls);
}

/* -- From above ---------------------------------------------------------------------------------------------------- */

/* The BIO below is memory: OpenSSL takes a record at once. A failure shows in reading too, and is reported there. */
static size_t tls_write(io_stream *stream, const char *bytes, size_t length)
{
    tls_stream *tls = (tls_stream *)stream;

    ERR_clear_error();
    while (length > 0 && tls->ready && !tls->finished && !tls->failed) {
        size_t piece = length < RECORD_MAX ? length : RECORD_MAX;

        if (SSL_write(tls->ssl, bytes, (int)piece) <= 0)
            break;
        flush(tls);
        bytes += piece;
        length -= piece;
    }
    return io_stream_queued(tls->lower);
}

static void send_close_notify(tls_stream *tls)
{
    ERR_clear_error();
    if (tls->ready && !tls->failed && !tls->finished)
        SSL_shutdown(tls->ssl);
    tls->finished = true;
    flush(tls);
}

static void tls_finish(io_stream *stream)
{
    tls_stream *tls = (tls_stream *)stream;

    send_close_notify(tls);
    io_stream_finish(tls->lower);
}

static void let_go(tls_stream *tls, void (*release)(io_stream *lower))
{
    release(tls->lower);
    tls->lower = NULL;
    tls->closed = true;
    free_if_idle(tls);
}

static void tls_leave(io_stream *stream)
{
    send_close_notify((tls_stream *)stream);
    let_go((tls_stream *)stream, io_stream_leave);
}

/* The connection is reset: a closing alert would not be read. */
static void tls_close(io_stream *stream)
{
    let_go((tls_stream *)stream, io_stream_close);
}

static void go_on_soon(tls_stream *tls)
{
    if (tls->timer == NULL)
        tls->timer = io_timer_new(tls->stream.loop, go_on, tls);
    io_timer_start(tls->timer, 0);
}

/* The handshake goes on in any case. */
static void tls_hold(io_stream *stream, bool held)
{
    tls_stream *tls = (tls_stream *)stream;
    bool was_held = tls->held;

    tls->held = held;
    if (tls->ready && held && tls->busy == 0)
        hold_lower(tls);
    if (tls->ready && !held && was_held)
        go_on_soon(tls);
}

static void tls_unread(io_stream *stream, const char *bytes, size_t length)
{
    tls_stream *tls = (tls_stream *)stream;

    io_replay_put(&tls->replay, bytes, length, tls->ended);
    if (tls->busy == 0)
        hold_lower(tls);
    if (!tls->held)
        go_on_soon(tls);
}

static const io_stream_ops tls_ops = {"tls", tls_write, tls_finish, tls_leave, tls_close, tls_hold, tls_unread};

/* -- Both ends ----------------------------------------------------------------------------------------------------- */

static tls_stream *tls_new(io_stream *lower, SSL_CTX *context, io_sink sink)
{
    tls_stream *tls = base_allocate(sizeof *tls);
    BIO *in;

    tls->stream = (io_stream){&tls_ops, lower->loop, sink};
    tls->lower = lower;
    io_replay_init(&tls->replay);
    lower->sink = (io_sink){.data = on_data, .end = on_end, .self = tls, .drained = on_drained};
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
    if (options->legacy_tls)
        tls_ssl_offer_all(tls->ssl);
    else if (options->more_groups)
        tls_ssl_offer_more_groups(tls->ssl);
    tls_ssl_offer_keys(tls->ssl, options->keys);
    X509_VERIFY_PARAM_set_time(SSL_get0_param(tls->ssl), (time_t)options->now);
    if (!options->is_address && !options->no_sni)
        SSL_set_tlsext_host_name(tls->ssl, options->host);
    offer_protocols(tls->ssl, options->offer);
    /* The first flight depends on nothing the peer could send, so nothing can be told from here. */
    SSL_do_handshake(tls->ssl);
    flush(tls);
    return &tls->stream;
}

/* Before the version is agreed on, for hosts differ in the versions that they speak. */
static int choose_certificate(SSL *ssl, int *alert, void *unused)
{
    const tls_stream *tls = SSL_get_app_data(ssl);
    const unsigned char *extension;
    size_t length;
    char name[TLS_HELLO_NAME_MAX + 1];
    bool named = SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &extension, &length) == 1 &&
                 tls_hello_name(extension, length, name);
    const tls_identity *identity = tls->choose(tls->choose_self, named ? name : NULL);

    (void)alert;
    (void)unused;
    SSL_set_min_proto_version(ssl, identity->min_version != 0 ? identity->min_version : TLS1_VERSION);
    SSL_set_max_proto_version(ssl, identity->max_version);
    if (identity->cipher != NULL && SSL_set_cipher_list(ssl, identity->cipher) != 1)
        return SSL_CLIENT_HELLO_ERROR;
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

void tls_identity_free(tls_identity *identity)
{
    if (identity == NULL)
        return;
    SSL_CTX_free(identity->context);
    OPENSSL_free(identity->staple);
    free(identity);
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

/* RFC 9113 9.2.2: "A deployment of HTTP/2 over TLS 1.2 SHOULD NOT use any of the prohibited cipher suites listed in
   Appendix A", which are those without an ephemeral key exchange or without AEAD. */
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

size_t tls_certificates_size(io_stream *stream)
{
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(((tls_stream *)stream)->ssl);
    size_t size = 0;

    for (int i = 0; i < sk_X509_num(sent); i++) {
        int length = i2d_X509(sk_X509_value(sent, i), NULL);

        size += length > 0 ? (size_t)length : 0;
    }
    return size;
}

void tls_report_read(io_stream *stream, base_arena *arena, facts_tls *facts)
{
    tls_stream *tls = (tls_stream *)stream;

    tls_report_make(&(tls_handshake){.ssl = tls->ssl,
                                     .leaf = SSL_get0_peer_certificate(tls->ssl),
                                     .sent = SSL_get_peer_cert_chain(tls->ssl),
                                     .verified = SSL_get0_verified_chain(tls->ssl),
                                     .options = tls->options,
                                     .record = &tls->record,
                                     .ready = tls->ready},
                    arena, facts);
}
