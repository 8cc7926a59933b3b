/* A JSON string from a pipe: what is read can be written and read again to the same octets, with its secrets masked,
 * and never leaves its buffer. */
#include "base/json.h"
#include "base/json_read.h"
#include "fuzz/mask.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool reader(const char *line, size_t length, char *out, size_t capacity, size_t *out_length, base_error *error);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* `out` is exactly as large as promised to be enough, so that one octet too many is seen. */
static void round_trip(const char *line, size_t size, reader *read, bool octets)
{
    char *out = malloc(size + 1), *again, *masked;
    size_t length = 0, again_length = 0, masked_length = 0;
    base_buffer buffer;
    base_error error;
    base_json json;

    check(out != NULL);
    if (read(line, size, out, size, &length, &error)) {
        base_buffer_init(&buffer, 6 * size + 2);
        base_json_init(&json, &buffer, false);
        (octets ? base_json_octets : base_json_text)(&json, out, length);
        check(!buffer.failed);
        again = malloc(buffer.length);
        check(again != NULL && read(buffer.data, buffer.length, again, buffer.length, &again_length, &error));
        masked = mask(out, length, BASE_SECRETS_OF_URLS, &masked_length);
        check(again_length == masked_length && memcmp(masked, again, masked_length) == 0);
        free(masked);
        free(again);
        base_buffer_done(&buffer);
    } else {
        check(strncmp(error.text, "offset ", 7) == 0 && strtoull(error.text + 7, NULL, 10) <= size);
    }
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    round_trip((const char *)data, size, base_json_read_octets, true);
    round_trip((const char *)data, size, base_json_read_text, false);
    return 0;
}
