/** How much of a fleet one message between Pulumi and a provider can carry, in bytes of UTF-8. */
export interface MessageLimits {
	/** In one string. */
	readonly maxStringBytes: number;
	/** In the properties of an error, which tell Pulumi of a fleet that is half made. */
	readonly maxErrorBytes: number;
}

/**
 * - `text`: google-protobuf 3.21 encodes a string as an array of its bytes, and V8 ends the process where such an array has
 *   to grow beyond 112,813,858 elements. One message holds 400 MiB (Pulumi's `maxRPCMessageSize`), which is more than the
 *   three such texts of the largest one: state, the declaration of the last deployment and the new one.
 * - `error`: gRPC sends the properties in base64 as a trailer, of which Go accepts 16 MiB (`MaxHeaderListSize`). A longer
 *   one ends the whole connection with COMPRESSION_ERROR. 12.5 MB pass; what is left is for the message.
 */
export const SDK_MESSAGE_LIMITS: MessageLimits = { maxStringBytes: 110_000_000, maxErrorBytes: 10_000_000 };

/** The number of bytes of a text in UTF-8. */
export function countBytes(text: string): number {
	return Buffer.byteLength(text);
}
