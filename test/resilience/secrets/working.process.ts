/**
 * A provider that works on the hub or the tenant of its argument: it creates an object, fails to create another, looks
 * up one that does not exist, and dies of an error that carries all its data.
 */
import { createGraphService } from "../../../provider/graph/service.ts";
import { systemClock } from "../../../provider/http/clock.ts";
import { createIotHubService } from "../../../provider/iothub/service.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import { prepareErrorForUser } from "../../../provider/userErrors.ts";
import type { Work } from "./processes.ts";

/** One service's part of the work. */
interface Part {
	readonly service: object;
	readonly lifecycle: ResourceProvider;
	/** The properties that turn the declared object into an existing one. */
	readonly taken: Readonly<Record<string, string>>;
	/** Looks up an object that does not exist. */
	lookUp(): Promise<unknown>;
}

const { at, config, declared }: Work = JSON.parse(process.argv[2] ?? "{}");
const around = {
	sources: { config: (key: string) => config[key], env: process.env },
	clock: systemClock,
	warn: console.error,
};

const PARTS: Readonly<Record<Work["at"], () => Part>> = {
	hub: () => {
		const service = createIotHubService(around);
		return {
			service,
			lifecycle: service.deviceIdentity,
			taken: { deviceId: "taken" },
			lookUp: () => service.functions.getDevice({ deviceId: "nobody" }),
		};
	},
	tenant: () => {
		const service = createGraphService(around);
		return {
			service,
			lifecycle: service.autopilotIdentity,
			taken: { serialNumber: "taken" },
			lookUp: () => service.functions.getMachine({ serialNumber: "nobody" }),
		};
	},
};

async function runOperations({ service, lifecycle, taken, lookUp }: Part): Promise<void> {
	const { inputs } = await lifecycle.check({}, declared);
	const made = await lifecycle.create({ ...inputs });
	const again = await lifecycle.create({ ...inputs, ...taken }).catch(prepareErrorForUser);
	const missing = await lookUp().catch(prepareErrorForUser);
	console.error(made.id, again, missing);
	setImmediate(() => {
		throw Object.assign(new Error("a crash", { cause: again }), { service, again, missing });
	});
}

void runOperations(PARTS[at]());
