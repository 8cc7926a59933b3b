/*
 * Replays inputs through a fuzz target without libFuzzer, so that every seed and every crash ever found runs in every
 * build. Arguments: files, and folders of files. Prints how many inputs ran; none at all is a failure, for then nothing
 * was tested.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
#ifdef HF_FUZZ_SETS_UP
int LLVMFuzzerInitialize(int *argc, char ***argv);
#endif

enum { INPUT_MAX = 1 << 20, PATH_SIZE = 4096 };

/* The input sits in a block of exactly its size, so that a sanitizer sees a read one octet beyond it. */
static int replay_file(const char *path)
{
    static uint8_t buffer[INPUT_MAX];
    FILE *file = fopen(path, "rb");

    if (!file) {
        perror(path);
        return -1;
    }
    size_t size = fread(buffer, 1, sizeof buffer, file);
    int failed = ferror(file);
    fclose(file);
    uint8_t *input = malloc(size ? size : 1);
    if (failed || !input) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(input);
        return -1;
    }
    memcpy(input, buffer, size);
    LLVMFuzzerTestOneInput(input, size);
    free(input);
    return 1;
}

static int replay_folder(const char *path)
{
    DIR *folder = opendir(path);

    if (!folder) {
        perror(path);
        return -1;
    }
    int count = 0;
    for (struct dirent *entry; count >= 0 && (entry = readdir(folder));) {
        char file[PATH_SIZE];
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        int ran = replay_file(file);
        count = ran < 0 ? -1 : count + ran;
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;

#ifdef HF_FUZZ_SETS_UP
    LLVMFuzzerInitialize(&argc, &argv);
#endif
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) != 0) {
            if (errno == ENOENT) {
                continue; /* a target without crashes has no folder of them */
            }
            perror(argv[i]);
            return 1;
        }
        int ran = S_ISDIR(status.st_mode) ? replay_folder(argv[i]) : replay_file(argv[i]);
        if (ran < 0) {
            return 1;
        }
        total += ran;
    }
    printf("%d inputs replayed\n", total);
    return total > 0 ? 0 : 1;
}
