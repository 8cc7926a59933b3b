/* The stores that are lines: curl, wget, wget2, the older Firefox. */
#include "lib/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[] = {"curl", "wget", "wget2", "firefox-txt"};

    for (size_t i = 0; i < 4; i++)
        fuzz_format(formats[i], data, size, size > 0 && data[size - 1] == '\n');
    return 0;
}
