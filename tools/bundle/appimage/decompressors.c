/*
 * squashfuse knows five ways in which a squashfs may be compressed, and wants a library for each. What follows here is
 * compressed by zstd alone; the other functions stand in for libraries that are never called, LZO among them, whose
 * licence (GPL) would be that of the whole runtime.
 */
#include <stddef.h>

enum { LZO_ERROR = -1, LZ4_ERROR = -1, LZMA_FORMAT_ERROR = 7, Z_DATA_ERROR = -3 };

int lzo1x_decompress_safe(const unsigned char *in, size_t in_size, unsigned char *out, size_t *out_size, void *memory) {
    (void)in, (void)in_size, (void)out, (void)out_size, (void)memory;
    return LZO_ERROR;
}

int LZ4_decompress_safe(const char *in, char *out, int in_size, int out_size) {
    (void)in, (void)out, (void)in_size, (void)out_size;
    return LZ4_ERROR;
}

int lzma_stream_buffer_decode(void) {
    return LZMA_FORMAT_ERROR;
}

int uncompress(unsigned char *out, unsigned long *out_size, const unsigned char *in, unsigned long in_size) {
    (void)out, (void)out_size, (void)in, (void)in_size;
    return Z_DATA_ERROR;
}
