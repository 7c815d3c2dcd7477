import { ServiceError } from "../http/errors.ts";
import { encodePathSegment } from "../http/pipeline.ts";
import { asObject, asString } from "../values.ts";
import { BASIC_TIER_LACKS_TWINS, requireSameDevice, UNAVAILABLE_IN_TIER_CODE } from "./errors.ts";
import type { HubOperationContext } from "./operationContext.ts";

/** Remembers which hubs refuse to return twins to this process. Warns once about each of them that still returns devices. */
export class TwinAccess {
	/** The warning about each hub that refuses to return twins; undefined once it is shown. */
	readonly #warningByHub = new Map<string, string | undefined>();
	readonly #warn: (text: string) => void;

	/** @param warn shows a warning to the user */
	constructor(warn: (text: string) => void) {
		this.#warn = warn;
	}

	/** Whether the hub has not refused a twin yet. */
	isAllowed(hostName: string): boolean {
		return !this.#warningByHub.has(hostName);
	}

	/** Records that the hub refused a twin. Whether only twins are refused is known once a device is read. */
	markRefused(hostName: string, { status, serviceCode }: Pick<ServiceError, "status" | "serviceCode">): void {
		if (this.#warningByHub.has(hostName)) return;
		const reason = `${status} ${serviceCode}`.trim();
		this.#warningByHub.set(
			hostName,
			`Hub ${hostName} refuses to return device twins (${reason}), which are the cheapest way to recognize unchanged devices. Each ` +
				`device is read from the identity registry instead, which allows far fewer reads. ${suggestTwinRemedy(serviceCode)}`,
		);
	}

	/** Warns once about a hub that refused a twin but returned a device. It would have refused both for a wrong key. */
	confirmDeviceRead(hostName: string): void {
		const warning = this.#warningByHub.get(hostName);
		if (warning === undefined) return;
		this.#warningByHub.set(hostName, undefined);
		this.#warn(warning);
	}
}

function suggestTwinRemedy(code: string): string {
	if (code === UNAVAILABLE_IN_TIER_CODE) return BASIC_TIER_LACKS_TWINS;
	return (
		"To read twins, use a policy that also has ServiceConnect (such as iothubowner), or a role that can read twins " +
		"(IoT Hub Data Reader)."
	);
}

/** Statuses after which the registry is read instead: no permission, no twins in this edition, no such device. */
const REGISTRY_FALLBACK_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/**
 * Returns the etag of a device's identity from its twin (`deviceEtag`). Twins can be read far more often than the
 * registry: 100 times a second against 100 times a minute in the smallest editions.
 *
 * @returns undefined if the hub does not return the twin, or the twin has no such etag
 * @throws UnreadableAnswer for the twin of another device
 */
export async function readTwinEtag(
	context: HubOperationContext,
	deviceId: string,
	twinAccess: TwinAccess,
): Promise<string | undefined> {
	const { hostName } = context.client.hub;
	if (!twinAccess.isAllowed(hostName)) return undefined;
	try {
		const { json, operationName } = await readTwin(context, deviceId);
		const twin = asObject(json);
		const etag = asString(twin["deviceEtag"]);
		if (etag !== undefined) requireSameDevice(twin["deviceId"], { operationName, deviceId });
		return etag;
	} catch (error) {
		if (!(error instanceof ServiceError) || !REGISTRY_FALLBACK_STATUSES.has(error.status)) throw error;
		if (error.status !== 404) twinAccess.markRefused(hostName, error);
		return undefined;
	}
}

/** Reads the twin of a device; returns its JSON, and the name of the operation for error messages. */
export async function readTwin(
	{ client, codec: { apiVersion }, deadline }: HubOperationContext,
	deviceId: string,
): Promise<{ readonly json: unknown; readonly operationName: string }> {
	const operationName = `reading the twin of device "${deviceId}"`;
	const path = `/twins/${encodePathSegment(deviceId)}`;
	const request = { operationName, method: "GET", permission: "twinRead", path } as const;
	const { json } = await client.send({ ...request, apiVersion, deadline });
	return { json, operationName };
}
