/* The IDNA hook: whatever a name holds, the answer is ASCII, within its bounds, and the same each time. */
#include "base/idna.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t capacity = size > 0 ? data[0] * (HF_HOST_TEXT_MAX / 256) : 0, length = 0, i;
    char *out = malloc(capacity + 1), again[HF_HOST_TEXT_MAX];
    size_t again_length;

    check(out != NULL);
    if (size > 1 && base_idna()->to_ascii(NULL, (const char *)data + 1, size - 1, out, capacity, &length)) {
        check(length <= capacity);
        for (i = 0; i < length; i++)
            check((unsigned char)out[i] < 0x80);
        check(base_idna()->to_ascii(NULL, (const char *)data + 1, size - 1, again, sizeof again, &again_length));
        check(again_length == length && memcmp(out, again, length) == 0);
    }
    free(out);
    return 0;
}
