/* The state of --resume: whatever a file holds, a mark that is read keeps its promises. */
#include "batch/state.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define HEAD 4096
#define PLACE 196608
#define SIZE (HEAD + BATCH_MARKS * PLACE)
#define OPTIONS "holdfast 0 --depth field"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void put(unsigned char *at, uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static void check_marks(const unsigned char *bytes, size_t length)
{
    batch_mark marks[BATCH_MARKS];
    base_error error;
    size_t count = batch_state_read(bytes, length, OPTIONS, marks, &error);

    for (size_t i = 0; i < count; i++) {
        check(i == 0 || marks[i].sequence <= marks[i - 1].sequence);
        check(marks[i].count <= BATCH_COUNTS_MAX && marks[i].open_count <= BATCH_OPEN_MAX);
        for (size_t k = 0; k < marks[i].open_count; k++)
            check(marks[i].open[k] < marks[i].next && (k == 0 || marks[i].open[k] > marks[i].open[k - 1]));
    }
    for (size_t i = 0; i < count; i++)
        batch_mark_done(&marks[i]);
}

/* Half of the inputs are octets as they are; of the others the checksums are made right, so that what lies behind them
 * is reached. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char bytes[SIZE];
    size_t part = size / BATCH_MARKS;

    check_marks(data, size);
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, "HFPROBE\n", 8);
    put(bytes + 8, 1);
    put(bytes + 16, PLACE);
    strcpy((char *)bytes + 24, OPTIONS);
    put(bytes + HEAD - 8, base_hash(BASE_HASH_START, bytes, HEAD - 8));
    for (size_t i = 0; i < BATCH_MARKS; i++) {
        unsigned char *mark = bytes + HEAD + i * PLACE;
        uint64_t counts, open;

        memcpy(mark + 8, data + i * part, part < PLACE - 8 ? part : PLACE - 8);
        counts = (uint64_t)mark[52] | (uint64_t)mark[53] << 8;
        open = (uint64_t)mark[56] | (uint64_t)mark[57] << 8;
        if (64 + 8 * (counts + open) <= PLACE)
            put(mark, base_hash(BASE_HASH_START, mark + 8, 56 + 8 * (size_t)(counts + open)));
    }
    check_marks(bytes, sizeof bytes);
    return 0;
}
