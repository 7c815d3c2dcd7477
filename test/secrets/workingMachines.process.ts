/**
 * A provider at work on the tenant that its argument names: it registers a machine, is refused another, and dies of an
 * error that carries all it had in hand.
 */
import { graphService } from "../../provider/graph/service.ts";
import { systemClock } from "../../provider/http/clock.ts";
import { explained } from "../../provider/presentable.ts";

interface Work {
	readonly config: Readonly<Record<string, string>>;
	readonly declared: Readonly<Record<string, unknown>>;
}

const { config, declared }: Work = JSON.parse(process.argv[2] ?? "{}");
const sources = { config: (key: string) => config[key], env: process.env };
const service = graphService({ sources, clock: systemClock, say: console.error });

async function work(): Promise<void> {
	const { autopilotIdentity, lookups } = service;
	const { inputs } = await autopilotIdentity.check({}, declared);
	const made = await autopilotIdentity.create({ ...inputs });
	const again = await autopilotIdentity.create({ ...inputs, serialNumber: "taken" }).catch(explained);
	const missing = await lookups.machine({ serialNumber: "nobody" }).catch(explained);
	console.error(made.id, again, missing);
	setImmediate(() => {
		throw Object.assign(new Error("a crash", { cause: again }), { service, again, missing });
	});
}

void work();
