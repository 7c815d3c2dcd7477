import { IdleClock } from "../../contract/harness/clocks.ts";
import type { Entry, Lives, Registration } from "../../contract/harness/stack.ts";
import { type Approach, listRemains } from "../../contract/subject/autopilotIdentity.ts";
import { HostAliases, HUB_HOST } from "../../contract/subject/hostAliases.ts";
import { HubStage } from "../../contract/subject/hubStage.ts";
import type { Place, Values } from "../../contract/subject/subject.ts";
import { TenantStage } from "../../contract/subject/tenantStage.ts";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import type { Field } from "./ground.ts";

/** What the matrix must know of a service on which a stack has several records. */
export interface StackGround {
	/** The name in the titles of cases. */
	readonly title: string;
	/** Whether every run is played there, or only those that differ by dialect and strategy. */
	readonly isThorough: boolean;
	/** Whether objects can be disabled instead of deleted. */
	readonly disables: boolean;
	start(place: Place): Promise<StackField>;
}

/** Three objects, each of which a program may declare as a single resource or as a member of a fleet. */
export interface StackField
	extends Pick<
		Field,
		"clock" | "labels" | "words" | "listSecrets" | "listProblems" | "listRemains" | "close"
	> {
	/** Starts the process of one operation. */
	open(options: { readonly disablesOnDelete: boolean }): Lives;
	/** Declares one object as a resource. */
	single(label: string, rest?: Values): Values;
	/** Declares these objects as a fleet. */
	fleet(labels: readonly string[], rest?: Values): Values;
	/** The objects that a resource declares. */
	declared(registration: Registration): readonly string[];
	/** What distinguishes each existing object from an earlier or later one, credentials included. */
	identities(): (readonly [label: string, identity: string])[];
	/** The text by which requests address the object, and another of the same form that addresses nothing. */
	address(label: string): readonly [address: string, nowhere: string];
	/** The values of each existing object that state should have. */
	live(): ReadonlyMap<string, string>;
	/** The values that a record has of its objects. */
	known(entry: Entry): ReadonlyMap<string, string>;
	/** Changes by somebody else. */
	readonly elsewhere: {
		make(label: string): void;
		remove(label: string): void;
		recreate(label: string): void;
	};
}

/** Every dialect and strategy with its two resource types. */
export const STACK_GROUNDS: readonly StackGround[] = [
	createHubGround("2021-04-12"),
	createHubGround("2015-08-15-preview"),
	createTenantGround("live", {}),
	createTenantGround("upload", { profile: "seed" }),
	createTenantGround("upload", { profile: "seed", etags: true }),
	createTenantGround("upload-rooted", { profile: "seed", etags: true }),
];

const PRESS = "press-1";
/** A gateway, which has a device below it if the dialect supports that. */
const GATE = "gate";
const LEAF = "leaf";

function createHubGround(apiVersion: string): StackGround {
	const hasScopes = apiVersion !== "2015-08-15-preview";
	return {
		title: `DeviceIdentity and DeviceFleet over IoT Hub ${apiVersion}`,
		isThorough: hasScopes,
		disables: true,
		start: async (place) =>
			createHubField(
				await HubStage.start({ "iothub:apiVersion": apiVersion }, { hostName: HUB_HOST }, place),
				hasScopes,
			),
	};
}

function createHubField(hub: HubStage, hasScopes: boolean): StackField {
	const { devices } = hub.control;
	const aliases = new HostAliases();
	const reason = { statusReason: "in service" };
	const declareOwn = (id: string): Values =>
		id === GATE && hasScopes ? { ...reason, capabilities: { iotEdge: true } } : reason;
	const declareMember = (id: string): Values =>
		id === LEAF && hasScopes ? { ...reason, parent: GATE } : declareOwn(id);
	return {
		labels: [PRESS, GATE, LEAF],
		open({ disablesOnDelete }) {
			const config = {
				...aliases.nextSettings(hub.control),
				...(disablesOnDelete && { "iothub:disableOnDelete": "true" }),
			};
			const { deviceIdentity, deviceFleet } = hub.open({ config });
			return { single: deviceIdentity, fleet: hub.words.listenTo(deviceFleet) };
		},
		single: (deviceId, rest) => ({ deviceId, ...declareOwn(deviceId), ...aliases.nextInputs(), ...rest }),
		fleet: (ids, rest) => ({
			devices: JSON.stringify(Object.fromEntries(ids.map((id) => [id, declareMember(id)]))),
			...aliases.nextInputs(),
			...rest,
		}),
		declared: ({ inputs: { deviceId, devices } }) =>
			devices === undefined ? [String(deviceId)] : Object.keys(JSON.parse(String(devices))),
		get clock() {
			return hub.clock;
		},
		words: hub.words,
		address: (id) => [`/${id}?`, "/nobody?"],
		identities: () =>
			devices
				.list()
				.map(({ deviceId, generationId, authentication }) => [
					deviceId,
					`${generationId} ${JSON.stringify(authentication)}`,
				]),
		live: () =>
			new Map(
				devices.list().map(({ deviceId, generationId, etag }) => [deviceId, `${generationId} ${etag}`]),
			),
		known({ type, state: { id, outputs } }) {
			if (type === "single") return new Map([[id, `${outputs["generationId"]} ${outputs["etag"]}`]]);
			return new Map(parseMembers(outputs).map(([label, { g, e }]) => [label, `${g} ${e}`]));
		},
		elsewhere: {
			make: (deviceId) => void hub.seed({ deviceId, status: "enabled", ...reason }),
			remove: (id) => void devices.remove(id),
			recreate: (id) => void devices.recreate(id),
		},
		listSecrets: () => hub.listSecrets(),
		listProblems: () => hub.problems,
		listRemains: () => [],
		close: () => hub.close(),
	};
}

const SERIALS = ["5CG1234ABC", "5CG0001", "5CG0002"];

/** Duration of an import, in milliseconds. */
const IMPORT = 45_000;

function createTenantGround(strategy: Approach["strategy"], switches: Approach["switches"]): StackGround {
	return {
		title: `AutopilotIdentity and AutopilotFleet by ${strategy}${switches.etags ? ", with etags" : ""}`,
		isThorough: strategy === "live",
		disables: false,
		start: async (place) => {
			const behaviour = { ...switches, importDelay: IMPORT };
			const tenant = await TenantStage.start({ "autopilot:strategy": strategy }, behaviour, place);
			return createTenantField(tenant, strategy, place);
		},
	};
}

function createTenantField(
	tenant: TenantStage,
	strategy: Approach["strategy"],
	{ network }: Pick<Place, "network">,
): StackField {
	const { machines } = tenant.control;
	const declareMachine = (serial: string): Values => ({
		hardwareIdentifier: generateHardwareHash(serial),
		groupTag: "Kiosk",
	});
	const ids = () => machines.list().map(({ id, serialNumber }) => [serialNumber, id] as const);
	return {
		labels: SERIALS,
		open() {
			const shared = new IdleClock(tenant.control.clock);
			const watched = network && { network: shared.watch(network) };
			const { autopilotIdentity, autopilotFleet } = tenant.open({ ...watched, shared });
			return { single: autopilotIdentity, fleet: tenant.words.listenTo(autopilotFleet) };
		},
		single: (serialNumber, rest) => ({ serialNumber, ...declareMachine(serialNumber), ...rest }),
		fleet: (serials, rest) => ({
			machines: JSON.stringify(Object.fromEntries(serials.map((serial) => [serial, declareMachine(serial)]))),
			...rest,
		}),
		declared: ({ inputs: { serialNumber, machines } }) =>
			machines === undefined ? [String(serialNumber)] : Object.keys(JSON.parse(String(machines))),
		clock: { jump: (milliseconds) => tenant.pass(milliseconds), now: () => tenant.control.clock.now() },
		words: tenant.words,
		address: (serial) => [tenant.getMachine(serial).id, "00000000-0000-4000-8000-000000000000"],
		identities: ids,
		live: () => new Map(ids()),
		known({ type, state: { id, outputs } }) {
			if (type === "single") return new Map([[String(outputs["serialNumber"]), id]]);
			return new Map(parseMembers(outputs).map(([label, { i }]) => [label, String(i)]));
		},
		elsewhere: {
			make: (serialNumber) =>
				void machines.seed([
					{ serialNumber, hardwareIdentifier: generateHardwareHash(serialNumber), groupTag: "Kiosk" },
				]),
			remove: (serial) => void machines.remove(tenant.getMachine(serial).id),
			recreate: (serial) => void machines.recreate(tenant.getMachine(serial).id),
		},
		listSecrets: () => tenant.listSecrets(),
		listProblems: () => tenant.problems,
		listRemains: () => listRemains(tenant, strategy),
		close: () => tenant.close(),
	};
}

function parseMembers(outputs: Values): [string, Values][] {
	return Object.entries(JSON.parse(String(outputs["__members"])) as Record<string, Values>);
}
