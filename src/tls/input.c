#include "tls/input.h"

#include <pthread.h>
#include <string.h>

static BIO_METHOD *method;

static int read_input(BIO *bio, char *out, size_t size, size_t *taken)
{
    tls_input *input = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    *taken = input->length < size ? input->length : size;
    if (*taken == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    memcpy(out, input->bytes, *taken);
    input->bytes += *taken;
    input->length -= *taken;
    return 1;
}

static long control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static void make_method(void)
{
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "input of a connection");
    if (method == NULL || BIO_meth_set_read_ex(method, read_input) != 1 || BIO_meth_set_ctrl(method, control) != 1)
        method = NULL;
}

BIO *tls_input_bio(tls_input *input)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    BIO *bio;

    pthread_once(&once, make_method);
    bio = method != NULL ? BIO_new(method) : NULL;
    if (bio != NULL) {
        BIO_set_data(bio, input);
        BIO_set_init(bio, 1);
    }
    return bio;
}
