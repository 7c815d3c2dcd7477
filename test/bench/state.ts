import type { Deployment, Engine } from "../engine/index.ts";
import type { Site } from "../program/site.ts";
import { type Program, requireSuccess, runAtBench, runAtMachines } from "./bench.ts";
import type { Row } from "./table.ts";

/** Measures the size of devices and machines in state, with and without their secrets, and of a resource that does nothing. */
export async function measureState(engine: Engine): Promise<Row[]> {
	const one = { count: "1" };
	const bare = { ...one, "iothub:storeCredentials": "false" };
	return [
		{ resource: "device", ...(await measured(engine, "devices", bare)) },
		{
			resource: "device below a gateway",
			...(await measured(engine, "devices", { ...bare, gateway: "gateway" })),
		},
		{ resource: "device with credentials", ...(await measured(engine, "devices", one)) },
		{
			resource: "machine without its hash, adopted",
			...(await withoutHash(engine)),
		},
		{ resource: "machine with its hash", ...(await runAtMachines(engine, {}, deployed)) },
		{ resource: "dynamic resource that does nothing", ...(await measured(engine, "nothing", one)) },
	];
}

function measured(
	engine: Engine,
	program: Exclude<Program, "machines">,
	config: Record<string, string>,
): Promise<Row> {
	return runAtBench(engine, { program, config }, deployed);
}

async function deployed({ stack }: Site): Promise<Row> {
	await requireSuccess(stack.up());
	return sizes(await stack.exportState());
}

/** Deploys a machine without its hash, which only works with `adopt`. */
function withoutHash(engine: Engine): Promise<Row> {
	return runAtMachines(engine, { hashed: false, config: { adopt: "true" } }, (site) => {
		const facts = { manufacturer: "Contoso", model: "Standard" };
		site.emulator.control.machines.seed([{ serialNumber: "machine-0", ...facts }]);
		return deployed(site);
	});
}

function sizes({ deployment }: Deployment): Row {
	const resource = deployment.resources?.findLast(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
	const { stackTrace, ...rest } = resource ?? {};
	const hash = resource?.inputs?.["hardwareIdentifier"];
	return {
		bytes: JSON.stringify(resource).length,
		"of them the stack trace that the SDK adds":
			stackTrace === undefined ? 0 : JSON.stringify(resource).length - JSON.stringify(rest).length,
		"of them the encrypted hash": hash === undefined ? 0 : JSON.stringify(hash).length,
		"of them the stored text, twice": 2 * JSON.stringify(resource?.inputs?.["__provider"] ?? "").length,
	};
}
