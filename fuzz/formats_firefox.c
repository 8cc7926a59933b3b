/* Firefox's slots. */
#include "lib/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format("firefox", data, size, true);
    return 0;
}
