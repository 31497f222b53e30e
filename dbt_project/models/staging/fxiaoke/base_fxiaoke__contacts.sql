{{ typed_rows('fxiaoke', 'contacts') }}
