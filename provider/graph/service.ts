import { createFleetProvider, type FleetProvider } from "../fleet/fleetProvider.ts";
import type { RunScope } from "../fleet/fleetType.ts";
import { createRuntimeContext } from "../resource/context.ts";
import { PlanCache } from "../resource/planCache.ts";
import { createResourceProvider, type ResourceProvider } from "../resource/resourceProvider.ts";
import type { ResourceType } from "../resource/resourceType.ts";
import { SettingReader, type SettingSources } from "../settings/reader.ts";
import { refuseUnknownSettings } from "../settings/unknownSettings.ts";
import { type AdoptableMachines, findAdoptableMachines } from "./adopt.ts";
import { createAutopilotFleetType, MACHINE_MEMBER } from "./autopilotFleet.type.ts";
import { MachineApi } from "./autopilotIdentity.api.ts";
import {
	getMachine,
	listMachines,
	type MachineFunctionArgs,
	type MachineFunctionResult,
} from "./autopilotIdentity.functions.ts";
import { type AutopilotInputs, MANAGED_FIELDS } from "./autopilotIdentity.inputs.ts";
import { createAutopilotIdentityType } from "./autopilotIdentity.type.ts";
import { DeferredRecords } from "./imports/records.ts";
import { GraphOperations, type GraphOperationsOptions } from "./operations.ts";
import { AUTOPILOT_NAMESPACE, readAutopilotSettings } from "./settings.ts";
import { UPLOAD_FIELDS } from "./strategy.upload.ts";
import { keepFleetTenant, keepTenant, TenantGuard } from "./tenant.ts";

/** Dependencies of the service, given by the runtime. */
export interface GraphServiceOptions extends GraphOperationsOptions {
	readonly sources: SettingSources;
}

/** The Graph half of the runtime: resource providers, provider functions and adoption. */
export interface GraphService {
	readonly autopilotIdentity: ResourceProvider;
	readonly autopilotFleet: FleetProvider;
	/** Finds the machines that a stack can adopt. */
	findAdoptable(args: MachineFunctionArgs): Promise<AdoptableMachines>;
	readonly functions: {
		getMachine(args: MachineFunctionArgs): Promise<MachineFunctionResult>;
		listMachines(args: MachineFunctionArgs): Promise<MachineFunctionResult[]>;
	};
}

/** Creates the service from the stack's settings. Throws a ConfigurationError if they are invalid. */
export function createGraphService({ sources, ...options }: GraphServiceOptions): GraphService {
	const { clock, warn } = options;
	refuseUnknownSettings(sources, AUTOPILOT_NAMESPACE);
	const reader = new SettingReader(sources);
	const settings = readAutopilotSettings(reader);
	const tenantGuard = new TenantGuard(reader);
	const operations = new GraphOperations(reader, settings, { ...options, tenantGuard });
	const fields = settings.strategy === "live" ? MANAGED_FIELDS : UPLOAD_FIELDS;
	const machineType: ResourceType<AutopilotInputs> = {
		...createAutopilotIdentityType({
			strategy: settings.strategy,
			fields,
			connect: (operation) => new MachineApi(operations.createContext(operation)),
		}),
		signIn: () => operations.signIn(),
	};
	const runtime = createRuntimeContext({ warn, clock, limits: settings.limits, onDrift: settings.onDrift });
	const memberType = { ...machineType, ...MACHINE_MEMBER };
	const memberContext = {
		resourceType: memberType,
		runtime,
		planCache: new PlanCache<AutopilotInputs>(),
		isHiddenFromDisplay: true,
	} as const;
	const beginRun = (): RunScope<AutopilotInputs> => {
		const deferredRecords = new DeferredRecords();
		const resourceType: typeof memberType = {
			...memberType,
			connect: (operation) => new MachineApi(operations.createContext(operation, deferredRecords)),
		};
		return {
			memberContext: { ...memberContext, resourceType },
			cleanup: () => operations.discardRecords(deferredRecords),
		};
	};
	const fleetType = createAutopilotFleetType({ memberContext, beginRun });
	return {
		autopilotIdentity: keepTenant(createResourceProvider(machineType, runtime), tenantGuard),
		autopilotFleet: keepFleetTenant(createFleetProvider(fleetType), tenantGuard),
		findAdoptable: async (args) =>
			findAdoptableMachines(
				{ machines: operations.createMachines(), machineType, fleetType, fields, tenantGuard },
				args,
			),
		functions: {
			getMachine: async (args) => getMachine(operations.createMachines(), args),
			listMachines: async (args) => listMachines(operations.createMachines(), args),
		},
	};
}
