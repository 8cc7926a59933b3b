/* Chromium's list in base64. */
#include "fuzz/preload_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_list(&preload_reader_base64, data, size);
    return 0;
}
