/* A list from an image. */
#include "fuzz/preload_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_list(&preload_reader_image, data, size);
    return 0;
}
