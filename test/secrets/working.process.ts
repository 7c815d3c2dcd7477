/**
 * A provider at work on the hub that its argument names: it makes a device, looks one up that is not there, has a write
 * refused, and dies of an error that carries all it had in hand.
 */
import { systemClock } from "../../provider/http/clock.ts";
import { iotHubService } from "../../provider/iothub/service.ts";
import { explained } from "../../provider/presentable.ts";

interface Work {
	readonly config: Readonly<Record<string, string>>;
	readonly declared: Readonly<Record<string, unknown>>;
}

const { config, declared }: Work = JSON.parse(process.argv[2] ?? "{}");
const sources = { config: (key: string) => config[key], env: process.env };
const service = iotHubService({ sources, clock: systemClock, say: console.error });

async function work(): Promise<void> {
	const { deviceIdentity, lookups } = service;
	const { inputs } = await deviceIdentity.check({}, declared);
	await deviceIdentity.create({ ...inputs });
	const again = await deviceIdentity.create({ ...inputs, deviceId: "taken" }).catch(explained);
	const missing = await lookups.device({ deviceId: "nobody" }).catch(explained);
	console.error(again, missing);
	setImmediate(() => {
		throw Object.assign(new Error("a crash", { cause: again }), { service, again, missing });
	});
}

void work();
