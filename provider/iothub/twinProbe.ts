import type { Deadline } from "../http/deadline.ts";
import { ServiceError } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import { segment } from "../http/segment.ts";
import type { Client } from "./client.ts";
import { refuseOther } from "./otherDevice.ts";
import { BASIC_LACKS_TWINS, NOT_IN_EDITION } from "./permissions.ts";

/** Which hubs refuse us their twins; said once for each hub, kept for the process. */
export class TwinAccess {
	readonly #refused = new Set<string>();
	readonly #say: (text: string) => void;

	constructor(say: (text: string) => void) {
		this.#say = say;
	}

	/** Whether it makes sense to ask this hub for a twin. */
	allows(hostName: string): boolean {
		return !this.#refused.has(hostName);
	}

	/** Notes that the hub refused a twin. */
	refuse(hostName: string, { status, serviceCode }: Pick<ServiceError, "status" | "serviceCode">): void {
		if (this.#refused.has(hostName)) return;
		this.#refused.add(hostName);
		const reason = `${status} ${serviceCode}`.trim();
		this.#say(
			`Hub ${hostName} refuses to show device twins (${reason}), by which unchanged devices are recognized cheaply. Each ` +
				`device is read from the identity registry instead, which allows far fewer reads. ${adviceFor(serviceCode)}`,
		);
	}
}

function adviceFor(code: string): string {
	if (code === NOT_IN_EDITION) return BASIC_LACKS_TWINS;
	return (
		"To change that, use a policy that has ServiceConnect too (as iothubowner has), or a role that reads twins " +
		"(IoT Hub Data Reader)."
	);
}

/** Which twin to ask for. */
interface Probe {
	readonly deviceId: string;
	readonly apiVersion: string;
	readonly deadline: Deadline;
	readonly access: TwinAccess;
}

/** Errors after which only the registry itself can tell: no permission, no twins in this edition, no such device. */
const REGISTRY_TELLS: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/**
 * The etag of a device's identity as its twin carries it (`deviceEtag`). Twins may be read far more often than the
 * registry: 100 a second against 100 a minute in the smallest editions.
 *
 * @returns undefined where the twin does not tell
 * @throws UnreadableAnswer for the twin of another device
 */
export async function probeTwin(
	client: Client,
	{ deviceId, apiVersion, deadline, access }: Probe,
): Promise<string | undefined> {
	const { hostName } = client.hub;
	if (!access.allows(hostName)) return undefined;
	const path = `/twins/${segment(deviceId)}`;
	try {
		const what = `reading the twin of device "${deviceId}"`;
		const call = { what, method: "GET", access: "twinRead" } as const;
		const twin = members((await client.call({ ...call, path, apiVersion, deadline })).json);
		const etag = textOf(twin["deviceEtag"]);
		if (etag !== undefined) refuseOther(twin["deviceId"], { what, deviceId });
		return etag;
	} catch (error) {
		if (!(error instanceof ServiceError) || !REGISTRY_TELLS.has(error.status)) throw error;
		if (error.status !== 404) access.refuse(hostName, error);
		return undefined;
	}
}
