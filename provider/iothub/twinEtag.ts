import type { Deadline } from "../http/deadline.ts";
import { ServiceError } from "../http/errors.ts";
import { encodePathSegment } from "../http/pipeline.ts";
import { asObject, asString } from "../values.ts";
import type { HubClient } from "./client.ts";
import { BASIC_TIER_LACKS_TWINS, requireSameDevice, UNAVAILABLE_IN_TIER_CODE } from "./errors.ts";

/** Which hubs refuse us their twins; said once for each hub, kept for the process. */
export class TwinAccess {
	readonly #refusingHubs = new Set<string>();
	readonly #warn: (text: string) => void;

	constructor(say: (text: string) => void) {
		this.#warn = say;
	}

	/** Whether it makes sense to ask this hub for a twin. */
	isAllowed(hostName: string): boolean {
		return !this.#refusingHubs.has(hostName);
	}

	/** Notes that the hub refused a twin. */
	markRefused(hostName: string, { status, serviceCode }: Pick<ServiceError, "status" | "serviceCode">): void {
		if (this.#refusingHubs.has(hostName)) return;
		this.#refusingHubs.add(hostName);
		const reason = `${status} ${serviceCode}`.trim();
		this.#warn(
			`Hub ${hostName} refuses to show device twins (${reason}), by which unchanged devices are recognized cheaply. Each ` +
				`device is read from the identity registry instead, which allows far fewer reads. ${suggestTwinRemedy(serviceCode)}`,
		);
	}
}

function suggestTwinRemedy(code: string): string {
	if (code === UNAVAILABLE_IN_TIER_CODE) return BASIC_TIER_LACKS_TWINS;
	return (
		"To change that, use a policy that has ServiceConnect too (as iothubowner has), or a role that reads twins " +
		"(IoT Hub Data Reader)."
	);
}

/** Which twin to ask for. */
interface TwinEtagRequest {
	readonly deviceId: string;
	readonly apiVersion: string;
	readonly deadline: Deadline;
	readonly twinAccess: TwinAccess;
}

/** Errors after which only the registry itself can tell: no permission, no twins in this edition, no such device. */
const REGISTRY_FALLBACK_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/**
 * The etag of a device's identity as its twin carries it (`deviceEtag`). Twins may be read far more often than the
 * registry: 100 a second against 100 a minute in the smallest editions.
 *
 * @returns undefined where the twin does not tell
 * @throws UnreadableAnswer for the twin of another device
 */
export async function readTwinEtag(
	client: HubClient,
	{ deviceId, apiVersion, deadline, twinAccess }: TwinEtagRequest,
): Promise<string | undefined> {
	const { hostName } = client.hub;
	if (!twinAccess.isAllowed(hostName)) return undefined;
	const path = `/twins/${encodePathSegment(deviceId)}`;
	try {
		const operationName = `reading the twin of device "${deviceId}"`;
		const request = { operationName, method: "GET", permission: "twinRead" } as const;
		const twin = asObject((await client.send({ ...request, path, apiVersion, deadline })).json);
		const etag = asString(twin["deviceEtag"]);
		if (etag !== undefined) requireSameDevice(twin["deviceId"], { operationName, deviceId });
		return etag;
	} catch (error) {
		if (!(error instanceof ServiceError) || !REGISTRY_FALLBACK_STATUSES.has(error.status)) throw error;
		if (error.status !== 404) twinAccess.markRefused(hostName, error);
		return undefined;
	}
}
