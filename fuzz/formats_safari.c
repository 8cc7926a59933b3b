/* Safari's property list, and libplist behind our guard. */
#include "lib/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format("safari", data, size, true);
    return 0;
}
