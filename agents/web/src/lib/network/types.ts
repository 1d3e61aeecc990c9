// The network as the agent shows it: docs/network.md. Null, or empty: sealed, or not known.
import type { AnswerTo, Schemas } from '../api';

export type Network = AnswerTo<'/v1/trajectories/{trajectory}/network'>;
export type Figure = Network['figures'][number];
export type Tie = Network['ties'][number];
export type Statement = Tie['statements'][number];
export type Genogram = AnswerTo<'/v1/trajectories/{trajectory}/genogram'>;
export type Kinship = Genogram['kinships'][number];
export type Lifeline = AnswerTo<'/v1/trajectories/{trajectory}/lifeline'>;
export type LifeEvent = Lifeline['events'][number];
export type Intake = AnswerTo<'/v1/trajectories/{trajectory}/intake'>;
export type Circular = AnswerTo<'/v1/trajectories/{trajectory}/circular'>['questions'][number];
export type Overlay = AnswerTo<'/v1/trajectories/{trajectory}/network/overlay'>['broken'][number];
export type Partnership = AnswerTo<'/v1/partnerships'>['partnerships'][number];
export type Trajectory = Schemas['Trajectory'];
