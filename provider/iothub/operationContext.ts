import type { Clock } from "../http/clock.ts";
import type { Deadline } from "../http/deadline.ts";
import type { HubClient } from "./client.ts";
import type { DeviceCodec } from "./deviceIdentity.wire.ts";

/** Dependencies of one operation on one hub. */
export interface HubOperationContext {
	readonly client: HubClient;
	/** The codec of the configured api-version. */
	readonly codec: DeviceCodec;
	readonly deadline: Deadline;
	readonly clock: Pick<Clock, "sleep">;
}
