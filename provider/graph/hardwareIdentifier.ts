/** Base64 with its padding (RFC 4648 §4), as the service takes it. */
const BASE64_PATTERN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** A hardware report begins with the letters "OA" (OEM Activation); in base64 they are these, and one of four digits. */
const HASH_PREFIX = /^T0[E-H]/;
/** How many characters a hash has: 4000 as a rule; the service was never seen to take one far from that. */
const MIN_HASH_LENGTH = 100;
const MAX_HASH_LENGTH = 32_767;

/**
 * What is wrong with a 4K hardware hash, or undefined. The value itself is never repeated: it describes the machine and
 * its owner.
 */
export function findHardwareIdentifierProblem(hash: string): string | undefined {
	if (/\s/.test(hash)) {
		return "has blanks or line breaks in it; declare it as one text, just as it was exported";
	}
	if (!BASE64_PATTERN.test(hash)) {
		return (
			"is no base64 text with its padding (`=` at the end, up to a multiple of four characters): it was cut or changed " +
			"on its way; export it anew"
		);
	}
	if (!HASH_PREFIX.test(hash)) {
		return (
			"is base64 but no hardware hash: those begin with T0 (the letters OA of a hardware report). Take the hash from the " +
			'column "Hardware Hash" of the export, or from `oa3tool /Report`'
		);
	}
	if (hash.length >= MIN_HASH_LENGTH && hash.length <= MAX_HASH_LENGTH) return undefined;
	return `has ${hash.length} characters, and a hardware hash about 4000: it was cut or put together; export it anew`;
}
