import { createRequire } from 'node:module';
import type * as Iced from 'iced-x86';

/**
 * iced-x86, which is 924 KB of CommonJS. Where it is imported, Node first searches all of it for the names of exports,
 * which takes three times as long as loading it.
 */
const iced: typeof Iced = createRequire(import.meta.url)('iced-x86');

export const {
  Code,
  CodeExt,
  CodeSize,
  ConditionCode,
  Decoder,
  DecoderError,
  DecoderOptions,
  Encoder,
  EncodingKind,
  FormatMnemonicOptions,
  Formatter,
  FormatterSyntax,
  Instruction,
  MandatoryPrefix,
  MemorySize,
  MemorySizeExt,
  Mnemonic,
  OpCodeOperandKind,
  OpKind,
  Register,
  RegisterExt,
  RflagsBits,
} = iced;

export type Code = Iced.Code;
export type Decoder = Iced.Decoder;
export type DecoderError = Iced.DecoderError;
export type Encoder = Iced.Encoder;
export type EncodingKind = Iced.EncodingKind;
export type Formatter = Iced.Formatter;
export type FormatterSyntax = Iced.FormatterSyntax;
export type Instruction = Iced.Instruction;
export type MemorySize = Iced.MemorySize;
export type Mnemonic = Iced.Mnemonic;
export type OpCodeInfo = Iced.OpCodeInfo;
export type OpCodeOperandKind = Iced.OpCodeOperandKind;
export type OpKind = Iced.OpKind;
export type Register = Iced.Register;
