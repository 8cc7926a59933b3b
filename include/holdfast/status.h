/*
 * holdfast/status.h: what every fallible call of libholdfast returns, and how it says where.
 *
 * A status is 0 (HF_OK) or negative. The hundreds give the category, so that a caller may handle a whole class:
 *     -1xx argument   a call that breaks its contract (a programming error)
 *     -2xx syntax     bytes that are not what they claim to be
 *     -3xx limit      well-formed, but longer or larger than the stated bound
 *     -4xx memory     the allocator returned NULL; nothing has changed
 *     -5xx world      a file, the file system, or what the caller reads from or writes to refused
 * "This field must be ignored" is an answer with a reason and no error: see header.h.
 *
 * On failure no output argument has been touched, except the optional hf_diag.
 * Thread rule: everything in this file is pure and may be called from any thread.
 */
#ifndef HOLDFAST_STATUS_H
#define HOLDFAST_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32) || defined(__CYGWIN__)
#define HF_API
#elif defined(__GNUC__)
#define HF_API __attribute__((visibility("default")))
#else
#define HF_API
#endif

#if defined(__GNUC__)
#define HF_MUST_USE __attribute__((warn_unused_result))
#else
#define HF_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* name, number, text. The text is one clause without a full stop; it never holds bytes of the input. */
#define HF_STATUS_MAP(X)                                                                                               \
    X(HF_OK, 0, "ok")                                                                                                  \
    X(HF_E_ARGUMENT, -100, "an argument is missing or out of its range")                                               \
    X(HF_E_HOST_EMPTY, -200, "the host name is empty")                                                                 \
    X(HF_E_HOST_LABEL_EMPTY, -201, "the host name has an empty label (two dots in a row, or a dot in front)")          \
    X(HF_E_HOST_CHARACTER, -202, "a character that no host name may hold")                                             \
    X(HF_E_HOST_ESCAPE, -203, "a percent sign without two hexadecimal digits in the host")                             \
    X(HF_E_HOST_IPV4, -204, "the last label is a number, but the whole is no IPv4 address")                            \
    X(HF_E_HOST_IPV6, -205, "not an IPv6 address")                                                                     \
    X(HF_E_HOST_IDNA, -206, "not a valid internationalised name (UTS 46)")                                             \
    X(HF_E_HOST_NO_IDNA, -207, "a name outside ASCII, and no IDNA hook was given to convert it")                       \
    X(HF_E_URL_NO_HOST, -220, "the URL has no host")                                                                   \
    X(HF_E_URL_PORT, -221, "the port is not a number from 0 to 65535")                                                 \
    X(HF_E_IMAGE, -230, "these are not the octets of a preload image")                                                 \
    X(HF_E_IMAGE_VERSION, -231, "a preload image of a version that this library does not know")                        \
    X(HF_E_IMAGE_CUT, -232, "the preload image is cut, or something follows it")                                       \
    X(HF_E_IMAGE_CHECKSUM, -233, "the preload image is damaged: its checksum is wrong")                                \
    X(HF_E_IMAGE_CONTENT, -234, "the preload image breaks the rules of its format")                                    \
    X(HF_E_FORMAT, -240, "not a store of this format, or too damaged to be kept")                                      \
    X(HF_E_LABEL_TOO_LONG, -300, "a label is longer than 63 octets")                                                   \
    X(HF_E_HOST_TOO_LONG, -301, "the host name is longer than 253 octets")                                             \
    X(HF_E_HOST_TEXT_TOO_LONG, -302, "the host is longer than 1024 octets before conversion")                          \
    X(HF_E_BUFFER, -303, "the output buffer is too small")                                                             \
    X(HF_E_PARTITION_TOO_LONG, -304, "the partition is longer than 1023 octets")                                       \
    X(HF_E_FULL, -305, "the table cannot grow any further")                                                            \
    X(HF_E_FORMAT_SIZE, -306, "the store is larger than this format can be")                                           \
    X(HF_E_MEMORY, -400, "out of memory")                                                                              \
    X(HF_E_STORE_IO, -500, "the known-hosts file could not be read or written")                                        \
    X(HF_E_STORE_NO_ROOM, -501, "no room left on the file system")                                                     \
    X(HF_E_STORE_READ_ONLY, -502, "the store was opened for reading only")                                             \
    X(HF_E_STORE_ACCESS, -503, "no right to open the known-hosts file")                                                \
    X(HF_E_STORE_OWNER, -504, "the known-hosts file, its folder or a link to it belongs to somebody else")             \
    X(HF_E_STORE_MODE, -505, "others may write to the known-hosts file or its folder")                                 \
    X(HF_E_STORE_TYPE, -506, "the known-hosts file is no regular file")                                                \
    X(HF_E_STORE_FOREIGN, -507, "not a known-hosts file of Holdfast")                                                  \
    X(HF_E_STORE_VERSION, -508, "a known-hosts file of a later version of the format")                                 \
    X(HF_E_STORE_NO_HOME, -509, "neither XDG_DATA_HOME nor HOME is set to a folder")                                   \
    X(HF_E_STORE_LOCKED, -510, "another process kept the known-hosts file locked")                                     \
    X(HF_E_STORE_SIZE, -511, "the known-hosts file is larger than any store")                                          \
    X(HF_E_READ, -520, "the octets could not be read")                                                                 \
    X(HF_E_WRITE, -521, "the octets could not be written")

typedef enum hf_status {
#define HF_X(name, number, text) name = number,
    HF_STATUS_MAP(HF_X)
#undef HF_X
} hf_status;

/* Where and why a call refused its input. Pass NULL when it does not matter. `text` is a constant, never to be freed.
 */
typedef struct hf_diag {
    hf_status status;
    size_t offset; /* octets from the start of the text that was given */
    size_t length; /* octets concerned; 0 = at that place something is missing */
    const char *text;
} hf_diag;

/* A range of octets that somebody else owns; not NUL-terminated, and `data` may be NULL when `length` is 0. */
typedef struct hf_span {
    const char *data;
    size_t length;
} hf_span;

/* Seconds since 1970-01-01 UTC, in 64 bits on every platform. Durations are seconds too. */
#define HF_TIME_NEVER INT64_MAX   /* an expiry that never comes */
#define HF_TIME_UNKNOWN INT64_MIN /* a time or duration that a store format did not keep */

/* "HF_E_MEMORY"; "HF_E_?" for a number that is not one of ours. Never NULL. */
HF_API const char *hf_status_name(hf_status status);
/* The text of the table above. Never NULL. */
HF_API const char *hf_status_text(hf_status status);

/*
 * A struct that may grow in a later version begins with its size, so that a program and a library of different ages
 * understand each other. This defines TYPE_init(), which returns one with every member 0 but `size`. Members unknown to
 * the older side are taken as 0, and are not written.
 */
#define HF_DEFINE_INIT(type)                                                                                           \
    static inline type type##_init(void)                                                                               \
    {                                                                                                                  \
        type value;                                                                                                    \
        memset(&value, 0, sizeof value);                                                                               \
        value.size = sizeof value;                                                                                     \
        return value;                                                                                                  \
    }

/* The version of the library that is running: "1.2.3". */
HF_API const char *hf_version(void);

#ifdef __cplusplus
}
#endif
#endif
