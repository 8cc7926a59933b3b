/* Chromium's TransportSecurity, and with it the JSON reader. */
#include "lib/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format("chromium", data, size, true);
    return 0;
}
