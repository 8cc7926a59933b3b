#include "tls/p256.h"

#include "base/unzeroed.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/core_object.h>
#include <openssl/params.h>

#include <stddef.h>
#include <string.h>

#define TABLE_MAX 32
#define POINT 65 /* octets of an uncompressed point */

/* RFC 5480 2: SubjectPublicKeyInfo { { id-ecPublicKey, prime256v1 }, BIT STRING }, as far as the point. */
static const unsigned char start[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                      0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

static OSSL_DISPATCH table[TABLE_MAX + 1];
static OSSL_FUNC_decoder_decode_fn *decode_any;
static OSSL_FUNC_keymgmt_dup_fn *copy_key;
static OSSL_FUNC_keymgmt_free_fn *free_key;
static OSSL_FUNC_keymgmt_set_params_fn *set_key;
static OSSL_FUNC_BIO_read_ex_fn *read_bio;
static OSSL_FUNC_BIO_new_membuf_fn *bio_of;
static OSSL_FUNC_BIO_free_fn *free_bio;
static void *curve; /* a key without a point: only the curve */

/* NULL: no such function. */
static void (*function_of(const OSSL_DISPATCH *functions, int id))(void)
{
    for (; functions->function_id != 0; functions++)
        if (functions->function_id == id)
            return functions->function;
    return NULL;
}

/* The key of a point, or NULL if the point is not on the curve. */
static void *key_of(unsigned char *point)
{
    void *key = copy_key(curve, OSSL_KEYMGMT_SELECT_ALL_PARAMETERS);
    OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, POINT),
                           OSSL_PARAM_construct_end()};

    if (key != NULL && set_key(key, params) == 1)
        return key;
    free_key(key);
    return NULL;
}

static int hand_over(void *key, OSSL_CALLBACK *callback, void *argument)
{
    int type = OSSL_OBJECT_PKEY, result;
    char name[] = "EC";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_int(OSSL_OBJECT_PARAM_TYPE, &type),
                           OSSL_PARAM_construct_utf8_string(OSSL_OBJECT_PARAM_DATA_TYPE, name, 0),
                           OSSL_PARAM_construct_octet_string(OSSL_OBJECT_PARAM_REFERENCE, &key, sizeof key),
                           OSSL_PARAM_construct_end()};

    result = callback(params, argument);
    free_key(key); /* NULL if it was taken */
    return result;
}

static int decode(void *context, OSSL_CORE_BIO *in, int selection, OSSL_CALLBACK *callback, void *argument,
                  OSSL_PASSPHRASE_CALLBACK *password, void *password_argument)
{
    /* The greatest key that RSA's reader takes has 16,384 bits; keys on curves are far smaller. */
    BASE_UNZEROED unsigned char bytes[8192];
    size_t length = 0, more;
    OSSL_CORE_BIO *again;
    int result;
    void *key;

    while (length < sizeof bytes && read_bio(in, bytes + length, sizeof bytes - length, &more) == 1 && more > 0)
        length += more;
    if (length == sizeof start + POINT && memcmp(bytes, start, sizeof start) == 0 && bytes[sizeof start] == 0x04 &&
        (key = key_of(bytes + sizeof start)) != NULL)
        return hand_over(key, callback, argument);
    again = bio_of(bytes, (int)length);
    if (again == NULL)
        return 0;
    result = decode_any(context, again, selection, callback, argument, password, password_argument);
    free_bio(again);
    return result;
}

static bool find_functions(const OSSL_DISPATCH *keys, const OSSL_DISPATCH *core)
{
    copy_key = (OSSL_FUNC_keymgmt_dup_fn *)function_of(keys, OSSL_FUNC_KEYMGMT_DUP);
    free_key = (OSSL_FUNC_keymgmt_free_fn *)function_of(keys, OSSL_FUNC_KEYMGMT_FREE);
    set_key = (OSSL_FUNC_keymgmt_set_params_fn *)function_of(keys, OSSL_FUNC_KEYMGMT_SET_PARAMS);
    read_bio = (OSSL_FUNC_BIO_read_ex_fn *)function_of(core, OSSL_FUNC_BIO_READ_EX);
    bio_of = (OSSL_FUNC_BIO_new_membuf_fn *)function_of(core, OSSL_FUNC_BIO_NEW_MEMBUF);
    free_bio = (OSSL_FUNC_BIO_free_fn *)function_of(core, OSSL_FUNC_BIO_FREE);
    return copy_key != NULL && free_key != NULL && set_key != NULL && read_bio != NULL && bio_of != NULL &&
           free_bio != NULL;
}

static bool make_curve(const OSSL_DISPATCH *keys, void *context)
{
    OSSL_FUNC_keymgmt_new_fn *new_key = (OSSL_FUNC_keymgmt_new_fn *)function_of(keys, OSSL_FUNC_KEYMGMT_NEW);
    OSSL_FUNC_keymgmt_import_fn *import = (OSSL_FUNC_keymgmt_import_fn *)function_of(keys, OSSL_FUNC_KEYMGMT_IMPORT);
    char name[] = "prime256v1";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name, 0),
                           OSSL_PARAM_construct_end()};

    curve = new_key != NULL && import != NULL ? new_key(context) : NULL;
    return curve != NULL && import(curve, OSSL_KEYMGMT_SELECT_ALL_PARAMETERS, params) == 1;
}

bool tls_p256_begin(OSSL_ALGORITHM *decoder, const OSSL_ALGORITHM *keys, void *context, const OSSL_DISPATCH *core)
{
    size_t count = 0;

    decode_any = (OSSL_FUNC_decoder_decode_fn *)function_of(decoder->implementation, OSSL_FUNC_DECODER_DECODE);
    if (decode_any == NULL || !find_functions(keys->implementation, core) || !make_curve(keys->implementation, context))
        return false;
    for (const OSSL_DISPATCH *from = decoder->implementation; from->function_id != 0; from++) {
        if (count == TABLE_MAX)
            return false;
        table[count] = *from;
        if (from->function_id == OSSL_FUNC_DECODER_DECODE)
            table[count].function = (void (*)(void))decode;
        count++;
    }
    decoder->implementation = table;
    return true;
}
