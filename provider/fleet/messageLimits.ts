/** The size limits of a message between Pulumi and a provider, in bytes of UTF-8. */
export interface MessageLimits {
	/** The limit of one string. */
	readonly maxStringBytes: number;
	/** The limit of an error's properties, which carry the state of a partially created fleet. */
	readonly maxErrorBytes: number;
}

/**
 * - `maxStringBytes`: google-protobuf 3.21 encodes a string as an array of its bytes, and V8 ends the process when such an
 *   array grows beyond 112,813,858 elements. A message can have 400 MiB (Pulumi's `maxRPCMessageSize`), which is enough for
 *   the three such strings of the largest message: state, the inputs of the last deployment and the new inputs.
 * - `maxErrorBytes`: gRPC sends the properties in base64 as a trailer, of which Go accepts 16 MiB (`MaxHeaderListSize`). A
 *   longer trailer ends the whole connection with COMPRESSION_ERROR. Properties of 12.5 MB fit; the rest is for the message.
 */
export const SDK_MESSAGE_LIMITS: MessageLimits = { maxStringBytes: 110_000_000, maxErrorBytes: 10_000_000 };

/** Returns the number of bytes of a string in UTF-8. */
export function countBytes(text: string): number {
	return Buffer.byteLength(text);
}
