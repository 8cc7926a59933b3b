/* libsoup's database, through our file system of one file. */
#include "lib/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format("libsoup", data, size, false);
    return 0;
}
