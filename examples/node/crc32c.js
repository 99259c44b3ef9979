// CRC-32C (Castagnoli), which Node's zlib does not have: its crc32 is another polynomial.

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) {
        crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
    return crc >>> 0;
});

/** The checksum of a buffer, as an unsigned number. */
export function crc32c(buffer) {
    let crc = 0xffffffff;
    for (const byte of buffer) {
        crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    }
    return (crc ^ 0xffffffff) >>> 0;
}
